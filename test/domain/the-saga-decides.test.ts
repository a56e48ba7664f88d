import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import { evolve, noJob } from '../../src/domain/job.js';
import { next, wakeAt, type SagaCommand, type Situation } from '../../src/domain/saga.js';
import {
  attemptFailed,
  budget,
  cancelRequested,
  claim,
  combinedRequest,
  jobCanceled,
  jobExpired,
  jobFailed,
  jobSucceeded,
  minutesAfter,
  now,
  queued,
  runner,
  started,
  stepFailed,
  stepInterrupted,
  stepStarted,
  stepSucceeded,
  syncRequest,
  wrongPassword,
} from '../support/job-history.js';

const head = { budgetId: budget, admitted: combinedRequest, isHead: true };
const behind = { ...head, isHead: false };
const usual: Situation = {
  now,
  lane: head,
  runner: { id: runner, hasFreeSlot: true },
  claimantIsGone: false,
  budgetIsConfigured: true,
  othersMayKnowBudget: false,
  maxInterruptions: 3,
  longestPauseMs: 300_000,
};

/** What the saga asks for after a history: in the usual situation but for what is said. */
function givenJob(...history: readonly JobEvent[]) {
  const job = history.reduce(evolve, noJob);
  return {
    in: (special: Partial<Situation>) => ({
      asksFor: (command: SagaCommand | null) =>
        expect(next(job, { ...usual, ...special })).toStrictEqual(command),
    }),
  };
}

const running = [queued(), started(), stepStarted()];
const soon = minutesAfter(now, 1);
const waiting = [...running, attemptFailed(1, 1, soon)];

describe('a job whose first event was never written', () => {
  it('is queued from its admission', () => {
    givenJob().in({ lane: behind }).asksFor({ type: 'QueueJob', at: now, request: combinedRequest });
  });

  it('stays what it is, nothing, where it was not admitted', () => {
    givenJob()
      .in({ lane: { ...head, admitted: null, isHead: false } })
      .asksFor(null);
  });
});

describe('a queued job', () => {
  it('starts when it is the head of its lane and a slot is free', () => {
    givenJob(queued()).in({}).asksFor({ type: 'StartJob', at: now });
  });

  it('waits behind others, for a slot, and where it is not in its lane', () => {
    givenJob(queued()).in({ lane: behind }).asksFor(null);
    givenJob(queued())
      .in({ runner: { id: runner, hasFreeSlot: false } })
      .asksFor(null);
    givenJob(queued())
      .in({ lane: { ...head, admitted: null } })
      .asksFor(null);
  });

  it('fails when its turn comes and its budget is no longer configured', () => {
    givenJob(queued()).in({ lane: behind, budgetIsConfigured: false }).asksFor(null);
    givenJob(queued())
      .in({ budgetIsConfigured: false, runner: { id: runner, hasFreeSlot: false } })
      .asksFor({
        type: 'FailStep',
        at: now,
        step: 1,
        failure: {
          code: 'ACTUAL_BUDGET_NOT_FOUND',
          message: 'The budget of this job is no longer configured.',
          action: 'Add its Sync ID to ACTUAL_SYNC_ID again, or start the job for another budget.',
          retryable: false,
        },
      });
  });

  it('waits where another server may know the budget that this one does not', () => {
    givenJob(queued()).in({ budgetIsConfigured: false, othersMayKnowBudget: true }).asksFor(null);
  });

  it('is canceled wherever it waits', () => {
    const toBeCanceled = givenJob(queued(), cancelRequested());
    toBeCanceled.in({}).asksFor({ type: 'CancelJob', at: now });
    toBeCanceled.in({ lane: behind }).asksFor({ type: 'CancelJob', at: now });
    toBeCanceled.in({ runner: { id: runner, hasFreeSlot: false } }).asksFor({ type: 'CancelJob', at: now });
    toBeCanceled.in({ budgetIsConfigured: false }).asksFor({ type: 'CancelJob', at: now });
  });
});

describe('a running job', () => {
  it('goes on with its first step, and with the next one after each', () => {
    givenJob(queued(), started()).in({}).asksFor({ type: 'StartStep', at: now, step: 1, runnerId: runner });
    givenJob(...running, stepSucceeded())
      .in({})
      .asksFor({ type: 'StartStep', at: now, step: 2, runnerId: runner });
  });

  it('is left to whoever runs its step', () => {
    givenJob(...running)
      .in({})
      .asksFor(null);
    givenJob(...running, cancelRequested())
      .in({})
      .asksFor(null);
    givenJob(...running)
      .in({ budgetIsConfigured: false })
      .asksFor(null);
  });

  it('is complete when all steps succeeded, whatever else was wanted', () => {
    const history = [...running, stepSucceeded(), stepStarted(2), stepSucceeded(2)];
    givenJob(...history)
      .in({})
      .asksFor({ type: 'CompleteJob', at: now });
    givenJob(...history.slice(0, 5), cancelRequested(), stepSucceeded(2))
      .in({})
      .asksFor({ type: 'CompleteJob', at: now });
  });

  it('is canceled between two steps', () => {
    givenJob(...running, cancelRequested(), stepSucceeded())
      .in({})
      .asksFor({ type: 'CancelJob', at: now });
  });

  it('fails with its step', () => {
    givenJob(...running, stepFailed(1, wrongPassword))
      .in({})
      .asksFor({ type: 'FailJob', at: now });
    givenJob(...running, cancelRequested(), stepFailed(1, wrongPassword))
      .in({})
      .asksFor({ type: 'FailJob', at: now });
  });
});

describe('a step whose runner is gone', () => {
  it('is interrupted under its claim', () => {
    givenJob(...running)
      .in({ claimantIsGone: true })
      .asksFor({ type: 'InterruptStep', at: now, claim: claim() });
  });

  it('starts again at once', () => {
    givenJob(...running, stepInterrupted())
      .in({})
      .asksFor({ type: 'StartStep', at: now, step: 1, runnerId: runner });
  });

  it('ends a job that was to be canceled', () => {
    givenJob(...running, cancelRequested(), stepInterrupted())
      .in({})
      .asksFor({ type: 'CancelJob', at: now });
  });

  it('starts again as often as is allowed, and then fails', () => {
    const again = (attempt: number) => [stepStarted(1, attempt), stepInterrupted(1, attempt)];
    const thrice = [...running, stepInterrupted(), ...again(2), ...again(3)];
    givenJob(...thrice)
      .in({})
      .asksFor({ type: 'StartStep', at: now, step: 1, runnerId: runner });
    const tooOften = failure('INTERRUPTED_TOO_OFTEN');
    givenJob(...thrice, ...again(4))
      .in({})
      .asksFor({ type: 'FailStep', at: now, step: 1, failure: tooOften });
  });
});

describe('a step that waits to try again', () => {
  it('starts when its pause is over', () => {
    givenJob(...waiting)
      .in({ now })
      .asksFor(null);
    givenJob(...waiting)
      .in({ now: soon })
      .asksFor({ type: 'StartStep', at: soon, step: 1, runnerId: runner });
  });

  it('starts at once where the clock was set back: no pause is as long as this one seems', () => {
    givenJob(...waiting)
      .in({ now: minutesAfter(soon, -5) })
      .asksFor(null);
    const longAgo = minutesAfter(soon, -60);
    givenJob(...waiting)
      .in({ now: longAgo })
      .asksFor({ type: 'StartStep', at: longAgo, step: 1, runnerId: runner });
  });

  it('says when to look again; nothing else changes by the passing of time', () => {
    expect(wakeAt(waiting.reduce(evolve, noJob))).toBe(soon);
    expect(wakeAt(running.reduce(evolve, noJob))).toBeNull();
    expect(wakeAt(evolve(noJob, queued()))).toBeNull();
    expect(wakeAt([...waiting, cancelRequested(), jobCanceled()].reduce(evolve, noJob))).toBeNull();
    expect(wakeAt(noJob)).toBeNull();
  });

  it('ends a job that is to be canceled, or whose budget is gone, at once', () => {
    givenJob(...waiting, cancelRequested())
      .in({})
      .asksFor({ type: 'CancelJob', at: now });
    const job = waiting.reduce(evolve, noJob);
    expect(next(job, { ...usual, budgetIsConfigured: false })?.type).toBe('FailStep');
  });
});

describe('a job that need not be in the lane', () => {
  const ended = [
    [queued(syncRequest), started(), stepStarted(), stepSucceeded(), jobSucceeded()],
    [queued(syncRequest), stepFailed(1, wrongPassword), jobFailed(wrongPassword)],
    [queued(), cancelRequested(), jobCanceled()],
    [queued(), cancelRequested(), jobCanceled(), jobExpired()],
  ];

  it.each(ended)('is released when it has ended', (...history) => {
    givenJob(...history)
      .in({})
      .asksFor({ type: 'ReleaseJob' });
    givenJob(...history)
      .in({ lane: { ...head, admitted: null, isHead: false } })
      .asksFor(null);
  });

  it("is released, and never run, when it is another lane's job", () => {
    const elsewhere = { budgetId: 'business', admitted: { ...combinedRequest, budgetId: 'business' } };
    givenJob(queued())
      .in({ lane: { ...elsewhere, isHead: true } })
      .asksFor({ type: 'ReleaseJob' });
    givenJob(...running, cancelRequested())
      .in({ lane: { ...elsewhere, isHead: true }, claimantIsGone: true })
      .asksFor({ type: 'ReleaseJob' });
    givenJob(queued())
      .in({ lane: { ...elsewhere, admitted: null, isHead: false } })
      .asksFor(null);
  });
});
