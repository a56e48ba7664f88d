import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver } from '../../src/domain/carry-over.js';
import { evolve, noJob, type ExistingJob } from '../../src/domain/job.js';
import { halvesOf, type StepProgress } from '../../src/domain/step-outcome.js';
import {
  answers,
  combinedRequest,
  jobFailed,
  queued,
  started,
  stepAdvanced,
  stepFailed,
  stepStarted,
  stepSucceeded,
  syncResult,
  unreachable,
} from '../support/job-history.js';

const mebibyte = 1024 * 1024;

/** A combined job that failed after so many batches, each with so much text in it. */
function failedAfter(batches: number, textLength: number): ExistingJob {
  const [suggestion] = answers(1).suggestions;
  const rationale = 'ä'.repeat(textLength / 2);
  const parts = Array.from({ length: batches }, (_, index): StepProgress => {
    const part = answers(index + 1);
    return { ...part, suggestions: suggestion ? [{ ...suggestion, rationale }] : [] };
  });
  const job = [
    ...[queued(combinedRequest), started(), stepStarted(), stepSucceeded(), stepStarted(2)],
    ...parts.map((part) => stepAdvanced(2, part)),
    ...[stepFailed(2, unreachable), jobFailed(unreachable)],
  ].reduce(evolve, noJob);
  if (job.status === 'NONE') throw new Error('It has no history');
  return job;
}

describe('what a retry carries over', () => {
  it('is all that had been achieved, where an event can hold that', () => {
    expect(carryOver(failedAfter(20, 10_000))).toMatchObject([
      { step: 1, carried: { result: syncResult } },
      { step: 2, carried: { progress: { length: 20 } } },
    ]);
  });

  it('fits into an event of 1 MiB: later batches are left out rather than earlier ones', () => {
    const plan = carryOver(failedAfter(20, 100_000));
    expect(Buffer.byteLength(JSON.stringify(plan))).toBeLessThan(0.8 * mebibyte);
    const batches = plan[1]?.carried?.progress.map(({ batch }) => batch) ?? [];
    expect(batches).toEqual(batches.map((_, index) => index + 1));
    expect(batches.length).toBeGreaterThan(5);
    expect(plan[0]?.carried?.result).toEqual(syncResult);
  });

  it('is nothing of a step whose first batch is too large already', () => {
    expect(carryOver(failedAfter(2, 900_000))[1]).toEqual({ step: 2, type: 'SUGGESTIONS_GENERATION' });
  });
});

describe('a part of a step that is too large for an event', () => {
  const arbitraryPart = fc
    .record({ suggestions: fc.nat(5), unanswered: fc.nat(5), tokens: fc.nat(1000) })
    .map(({ suggestions, unanswered, tokens }): StepProgress => {
      const [suggestion] = answers(1).suggestions;
      return {
        ...answers(1),
        suggestions: suggestion
          ? Array.from({ length: suggestions }, (_, n) => ({ ...suggestion, transactionId: `s${n}` }))
          : [],
        unanswered: Array.from({ length: unanswered }, (_, n) => `u${n}`),
        // Of one that was asked for by its id and is not in the budget there is nothing to tell.
        unansweredTransactions: Array.from({ length: Math.max(0, unanswered - 1) }, (_, n) => ({
          ...{ transactionId: `u${n}`, date: '2026-11-28', payee: null, amount: -1 },
        })),
        inputTokens: tokens,
        outputTokens: tokens,
      };
    });

  it('is divided into two that are smaller and say the same together', () => {
    fc.assert(
      fc.property(arbitraryPart, (part) => {
        const halves = halvesOf(part);
        const count = ({ suggestions, unanswered }: StepProgress) => suggestions.length + unanswered.length;
        if (!halves) {
          expect(count(part)).toBeLessThan(2);
          return;
        }
        const [first, second] = halves;
        expect(Math.max(count(first), count(second))).toBeLessThan(count(part));
        expect({
          ...part,
          suggestions: [...first.suggestions, ...second.suggestions],
          unanswered: [...first.unanswered, ...second.unanswered],
          unansweredTransactions: [first, second].flatMap((half) => half.unansweredTransactions ?? []),
          inputTokens: first.inputTokens + second.inputTokens,
          outputTokens: first.outputTokens + second.outputTokens,
        }).toEqual(part);
      }),
    );
  });
});
