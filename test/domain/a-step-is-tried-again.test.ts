import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import { evolve, noJob } from '../../src/domain/job.js';
import {
  answers,
  attemptFailed,
  claim,
  givenJob,
  jobFailed,
  minutesAfter,
  now,
  queued,
  runner,
  started,
  stepAdvanced,
  stepFailed,
  stepInterrupted,
  stepSkipped,
  stepStarted,
  stepSucceeded,
  syncResult,
  unreachable,
  wrongPassword,
} from '../support/job-history.js';

const running = [queued(), started(), stepStarted()];
const soon = minutesAfter(now, 1);
const waiting = [...running, attemptFailed(1, 1, soon)];
const interrupted = [...running, stepInterrupted()];

describe('an attempt that failed for a reason that may pass', () => {
  it('is recorded with the time of the next one', () => {
    givenJob(...running)
      .when({ type: 'FailAttempt', claim: claim(), failure: unreachable, retryAt: soon })
      .then(attemptFailed(1, 1, soon));
  });

  it('is followed by the next one', () => {
    const second = { ...stepStarted(1, 2), at: soon };
    givenJob(...waiting)
      .when({ type: 'StartStep', step: 1, runnerId: runner, at: soon })
      .then(second);
  });

  it('may be followed by one on another runner', () => {
    const second = { ...stepStarted(1, 2, 'runner-2'), at: soon };
    givenJob(...waiting)
      .when({ type: 'StartStep', step: 1, runnerId: 'runner-2', at: soon })
      .then(second);
  });
});

describe('an attempt whose runner is gone', () => {
  it('is interrupted', () => {
    givenJob(...running)
      .when({ type: 'InterruptStep', claim: claim() })
      .then(stepInterrupted(1, 1));
  });

  it('is interrupted by the runner itself where its server is stopped, and that is not counted', () => {
    const given = { ...stepInterrupted(1, 1), orderly: true } as const;
    givenJob(...running)
      .when({ type: 'InterruptStep', claim: claim(), orderly: true })
      .then(given);
    expect(stepsOf(...running, given)[0]).toMatchObject({
      status: 'INTERRUPTED',
      attempt: 1,
      interruptions: 0,
    });
  });

  it('is interrupted once', () => {
    givenJob(...interrupted)
      .when({ type: 'InterruptStep', claim: claim() })
      .thenNothing();
  });

  it('is followed by the next one at once', () => {
    givenJob(...interrupted)
      .when({ type: 'StartStep', step: 1, runnerId: runner })
      .then(stepStarted(1, 2));
  });

  it('is told apart from attempts that failed', () => {
    const [step] = stepsOf(...running, stepInterrupted(), stepStarted(1, 2), attemptFailed(1, 2, soon));
    expect(step).toMatchObject({ attempt: 2, interruptions: 1, failedAttempts: 1 });
  });
});

describe('the next attempt', () => {
  it('goes on after the batches that were answered', () => {
    const history = [
      ...[queued(), started(), stepStarted(), stepSucceeded(), stepStarted(2)],
      ...[stepAdvanced(2, answers(1)), stepInterrupted(2), stepStarted(2, 2)],
    ];
    expect(stepsOf(...history)[1]?.progress).toEqual([answers(1)]);
    givenJob(...history)
      .when({ type: 'AdvanceStep', claim: claim(2, 2), progress: answers(2) })
      .then(stepAdvanced(2, answers(2)));
  });
});

describe('a report', () => {
  const reclaimed = [...interrupted, stepStarted(1, 2)];
  const reports = [
    { type: 'SucceedStep', claim: claim(1, 1), result: syncResult },
    { type: 'AdvanceStep', claim: claim(1, 1), progress: answers(1) },
    { type: 'FailAttempt', claim: claim(1, 1), failure: unreachable, retryAt: null },
    { type: 'FailAttempt', claim: claim(1, 1), failure: unreachable, retryAt: soon },
    { type: 'StopStep', claim: claim(1, 1) },
    { type: 'InterruptStep', claim: claim(1, 1) },
  ] as const;

  it.each(reports)('under an earlier attempt is dropped: $type', (report) => {
    givenJob(...reclaimed)
      .when(report)
      .thenNothing();
    givenJob(...interrupted)
      .when(report)
      .thenNothing();
    givenJob(...waiting)
      .when(report)
      .thenNothing();
  });

  it.each(reports)('of another runner is dropped: $type', (report) => {
    givenJob(...running)
      .when({ ...report, claim: claim(1, 1, 'runner-2') })
      .thenNothing();
  });

  it.each(reports)('about another step is dropped: $type', (report) => {
    givenJob(...running)
      .when({ ...report, claim: claim(2, 1) })
      .thenNothing();
    givenJob(...running, stepSucceeded(), stepStarted(2))
      .when(report)
      .thenNothing();
  });
});

describe('a step that failed for good', () => {
  it('fails its job, and later steps never start', () => {
    givenJob(...running, stepFailed(1, wrongPassword))
      .when({ type: 'FailJob' })
      .then(stepSkipped(2), jobFailed(wrongPassword));
  });

  it('leaves the steps before it as they are', () => {
    givenJob(...running, stepSucceeded(), stepStarted(2), stepFailed(2, failure('BATCH_EMPTY')))
      .when({ type: 'FailJob' })
      .then(jobFailed(failure('BATCH_EMPTY')));
  });

  it('is not started again', () => {
    givenJob(...running, stepFailed(1, wrongPassword))
      .when({ type: 'StartStep', step: 1, runnerId: runner })
      .thenNothing();
  });

  it('is needed for a job to fail', () => {
    givenJob(...running)
      .when({ type: 'FailJob' })
      .thenNothing();
    givenJob(...waiting)
      .when({ type: 'FailJob' })
      .thenNothing();
  });
});

describe('a step that nobody runs', () => {
  const tooOften = failure('INTERRUPTED_TOO_OFTEN');
  const fail = { type: 'FailStep', step: 1, failure: tooOften } as const;

  it.each([
    ['has not started', [queued()]],
    ['waits to try again', waiting],
    ['was interrupted', interrupted],
  ])('can fail where it cannot go on: it %s', (_state, history) => {
    givenJob(...history)
      .when(fail)
      .then(stepFailed(1, tooOften));
  });

  it('is not the one that is running, nor the one after it', () => {
    givenJob(...running)
      .when(fail)
      .thenNothing();
    givenJob(queued())
      .when({ ...fail, step: 2 })
      .thenNothing();
  });

  it('fails once', () => {
    givenJob(queued(), stepFailed(1, tooOften)).when(fail).thenNothing();
  });
});

function stepsOf(...history: Parameters<typeof evolve>[1][]) {
  const job = history.reduce(evolve, noJob);
  return job.status === 'NONE' ? [] : job.steps;
}
