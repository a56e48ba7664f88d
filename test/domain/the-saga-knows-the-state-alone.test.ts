import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decide-job.js';
import { jobEventSchema } from '../../src/domain/job-events.js';
import { evolve, isActive, noJob, type Job } from '../../src/domain/job.js';
import { decideRelease } from '../../src/domain/lane.js';
import { next, type Situation } from '../../src/domain/saga.js';
import { anyHistory, anySituation } from '../support/arbitrary-jobs.js';
import { now } from '../support/job-history.js';
import { admitted, laneAfter } from '../support/lane-history.js';

const anyQuestion = fc.tuple(anyHistory, anySituation);

/** Every state on the way, each made from the one before. */
function statesOf(history: Parameters<typeof evolve>[1][]): readonly Job[] {
  return history.reduce<readonly Job[]>(
    (states, event) => [...states, evolve(states.at(-1) ?? noJob, event)],
    [noJob],
  );
}

describe('what the saga answers', () => {
  it('is the same however the state came about: step by step, from the beginning, or from what was stored', () => {
    fc.assert(
      fc.property(anyQuestion, ([history, situation]) => {
        for (const [length, stepByStep] of statesOf(history).entries()) {
          const prefix = history.slice(0, length);
          const fromTheBeginning = prefix.reduce(evolve, noJob);
          const stored = JSON.parse(JSON.stringify(prefix)) as unknown[];
          const fromStorage = stored.map((each) => jobEventSchema.parse(each)).reduce(evolve, noJob);
          expect(fromTheBeginning).toStrictEqual(stepByStep);
          expect(fromStorage).toStrictEqual(stepByStep);
          const answer = next(stepByStep, situation);
          expect(next(fromTheBeginning, situation)).toStrictEqual(answer);
          expect(next(fromStorage, situation)).toStrictEqual(answer);
        }
      }),
    );
  });

  it('is never in vain: what it asks for changes something', () => {
    fc.assert(
      fc.property(anyQuestion, ([history, situation]) => {
        for (const job of statesOf(history)) {
          const answer = next(job, situation);
          if (answer?.type === 'ReleaseJob') {
            expect(situation.lane.admitted).not.toBeNull();
            expect(decideRelease(laneAfter(admitted('a')), 'a', now)).toHaveLength(1);
          } else if (answer) {
            expect(decide(job, answer)).not.toEqual([]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes to rest: asked again and again, it waits for somebody else after a few answers', () => {
    fc.assert(
      fc.property(anyQuestion, ([history, situation]) => {
        for (const state of statesOf(history)) {
          let job = state;
          let answers = 0;
          for (let answer = next(job, situation); answer; answer = next(job, situation)) {
            if (answer.type === 'ReleaseJob' || answer.type === 'StartStep') break;
            job = decide(job, answer).reduce(evolve, job);
            answers += 1;
            expect(answers).toBeLessThanOrEqual(4);
          }
        }
      }),
    );
  });

  it('leaves an active job to itself only where somebody else has a turn', () => {
    fc.assert(
      fc.property(anyQuestion, ([history, situation]) => {
        for (const job of statesOf(history)) {
          if (isActive(job) && next(job, situation) === null)
            expect(whoseTurn(job, situation)).not.toBe('nobody');
        }
      }),
    );
  });
});

/** Who makes an active job go on when the saga does not. */
function whoseTurn(job: Job, situation: Situation): string {
  const { lane, runner, now: at, claimantIsGone, longestPauseMs } = situation;
  const isTooLong = (from: string, to: string) => Date.parse(to) - Date.parse(from) > 2 * longestPauseMs;
  if (!isActive(job)) return 'nobody';
  const step = job.steps.find(({ status }) => status !== 'SUCCEEDED');
  if (job.request.budgetId !== lane.budgetId) return 'its own lane';
  if (step?.status === 'RUNNING' && !claimantIsGone) return 'the runner';
  if (!lane.admitted || !lane.isHead) return 'those before it';
  if (step?.status === 'WAITING' && at < step.retryAt && !isTooLong(at, step.retryAt)) return 'the clock';
  if (!situation.budgetIsConfigured && situation.othersMayKnowBudget) return 'those who know the budget';
  if (!runner.hasFreeSlot) return 'those who hold the slots';
  return 'nobody';
}
