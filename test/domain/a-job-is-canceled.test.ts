import { describe, expect, it } from 'vitest';
import { evolve, noJob } from '../../src/domain/job.js';
import {
  attemptFailed,
  cancelRequested,
  claim,
  givenJob,
  jobCanceled,
  jobSucceeded,
  minutesAfter,
  now,
  queued,
  runner,
  started,
  stepInterrupted,
  stepStarted,
  stepSucceeded,
  suggestionsResult,
  syncResult,
} from '../support/job-history.js';

const running = [queued(), started(), stepStarted()];
const toBeCanceled = [...running, cancelRequested()];

describe('a cancel request', () => {
  it('is recorded with who wants it', () => {
    givenJob(...running)
      .when({ type: 'RequestCancel', by: 'anna' })
      .then(cancelRequested('anna'));
  });

  it('is recorded once', () => {
    givenJob(...toBeCanceled)
      .when({ type: 'RequestCancel', by: 'anna' })
      .thenNothing();
  });

  it('keeps what has not begun from beginning', () => {
    givenJob(queued(), cancelRequested()).when({ type: 'StartJob' }).thenNothing();
    givenJob(queued(), started(), cancelRequested())
      .when({ type: 'StartStep', step: 1, runnerId: runner })
      .thenNothing();
  });

  it('is needed for a job to be canceled', () => {
    givenJob(queued()).when({ type: 'CancelJob' }).thenNothing();
    givenJob(...running)
      .when({ type: 'StopStep', claim: claim() })
      .thenNothing();
  });
});

describe('a job that is to be canceled', () => {
  const soon = minutesAfter(now, 1);

  it.each([
    ['waits for its turn', [queued(), cancelRequested()]],
    ['waits to try again', [...running, attemptFailed(1, 1, soon), cancelRequested()]],
    ['has lost its runner', [...toBeCanceled, stepInterrupted()]],
    ['is between two steps', [...toBeCanceled, stepSucceeded()]],
  ])('is canceled at once where nothing of it runs: it %s', (_state, history) => {
    givenJob(...history)
      .when({ type: 'CancelJob' })
      .then(jobCanceled());
  });

  it('is canceled only when its running step has stopped', () => {
    givenJob(...toBeCanceled)
      .when({ type: 'CancelJob' })
      .thenNothing();
    givenJob(...toBeCanceled)
      .when({ type: 'StopStep', claim: claim() })
      .then(jobCanceled());
  });

  it('keeps what its running step still achieves', () => {
    givenJob(...toBeCanceled)
      .when({ type: 'SucceedStep', claim: claim(), result: syncResult })
      .then(stepSucceeded(1, syncResult));
  });

  it('succeeds where its last step succeeded first', () => {
    const last = [...running, stepSucceeded(), stepStarted(2), cancelRequested()];
    givenJob(...last)
      .when({ type: 'SucceedStep', claim: claim(2), result: suggestionsResult })
      .then(stepSucceeded(2, suggestionsResult));
    givenJob(...last, stepSucceeded(2))
      .when({ type: 'CancelJob' })
      .thenNothing();
    givenJob(...last, stepSucceeded(2))
      .when({ type: 'CompleteJob' })
      .then(jobSucceeded());
  });

  it('ends with the steps that it did canceled or as they were', () => {
    const job = [...toBeCanceled, stepSucceeded(), jobCanceled()].reduce(evolve, noJob);
    expect(job).toMatchObject({
      status: 'CANCELED',
      steps: [{ status: 'SUCCEEDED' }, { status: 'CANCELED' }],
    });
  });
});
