import { describe, it } from 'vitest';
import {
  answers,
  claim,
  combinedRequest,
  givenJob,
  jobExpired,
  jobFailed,
  jobSucceeded,
  queued,
  runner,
  started,
  stepAdvanced,
  stepFailed,
  stepStarted,
  stepSucceeded,
  suggestionsResult,
  syncRequest,
  syncResult,
  wrongPassword,
} from '../support/job-history.js';

describe('a job begins', () => {
  it('when it is queued, with its whole plan', () => {
    givenJob().when({ type: 'QueueJob', request: combinedRequest }).then(queued(combinedRequest));
  });

  it('once: queuing it again changes nothing', () => {
    givenJob(queued()).when({ type: 'QueueJob', request: combinedRequest }).thenNothing();
    givenJob(queued()).when({ type: 'QueueJob', request: syncRequest }).thenNothing();
  });

  it('and is started when its turn comes, once', () => {
    givenJob(queued()).when({ type: 'StartJob' }).then(started());
    givenJob(queued(), started()).when({ type: 'StartJob' }).thenNothing();
  });

  it('and nothing can be done with it before', () => {
    givenJob().when({ type: 'StartJob' }).thenNothing();
    givenJob().when({ type: 'StartStep', step: 1, runnerId: runner }).thenNothing();
    givenJob().when({ type: 'SucceedStep', claim: claim(), result: syncResult }).thenNothing();
    givenJob().when({ type: 'RequestCancel', by: 'anna' }).thenNothing();
    givenJob().when({ type: 'ExpireJob' }).thenNothing();
  });
});

describe('a step starts', () => {
  it('when a runner claims it, as its first attempt', () => {
    givenJob(queued(), started())
      .when({ type: 'StartStep', step: 1, runnerId: runner })
      .then(stepStarted(1, 1, runner));
  });

  it('only once its job has started', () => {
    givenJob(queued()).when({ type: 'StartStep', step: 1, runnerId: runner }).thenNothing();
  });

  it('for one runner only', () => {
    givenJob(queued(), started(), stepStarted(1, 1, runner))
      .when({ type: 'StartStep', step: 1, runnerId: 'runner-2' })
      .thenNothing();
  });

  it('only after the step before it has succeeded', () => {
    const waiting = [queued(), started(), stepStarted()];
    givenJob(...waiting)
      .when({ type: 'StartStep', step: 2, runnerId: runner })
      .thenNothing();
    givenJob(...waiting, stepSucceeded())
      .when({ type: 'StartStep', step: 2, runnerId: runner })
      .then(stepStarted(2, 1));
  });

  it('never again after it succeeded', () => {
    givenJob(queued(), started(), stepStarted(), stepSucceeded())
      .when({ type: 'StartStep', step: 1, runnerId: runner })
      .thenNothing();
  });

  it('only where there is such a step', () => {
    givenJob(queued(), started()).when({ type: 'StartStep', step: 3, runnerId: runner }).thenNothing();
  });
});

describe('a step that works in batches', () => {
  const atWork = [queued(), started(), stepStarted(), stepSucceeded(), stepStarted(2)];

  it('records each answered batch', () => {
    givenJob(...atWork)
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(1) })
      .then(stepAdvanced(2, answers(1)));
    givenJob(...atWork, stepAdvanced(2, answers(1)))
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(2) })
      .then(stepAdvanced(2, answers(2)));
  });

  it('records a batch once', () => {
    givenJob(...atWork, stepAdvanced(2, answers(1)))
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(1) })
      .thenNothing();
  });

  it('leaves out no batch', () => {
    givenJob(...atWork)
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(2) })
      .thenNothing();
  });
});

describe('a step ends', () => {
  it('when it reached its goal', () => {
    givenJob(queued(), started(), stepStarted())
      .when({ type: 'SucceedStep', claim: claim(), result: syncResult })
      .then(stepSucceeded(1, syncResult));
  });

  it('once', () => {
    givenJob(queued(), started(), stepStarted(), stepSucceeded())
      .when({ type: 'SucceedStep', claim: claim(), result: syncResult })
      .thenNothing();
  });

  it('when it failed for good', () => {
    givenJob(queued(), started(), stepStarted())
      .when({ type: 'FailAttempt', claim: claim(), failure: wrongPassword, retryAt: null })
      .then(stepFailed(1, wrongPassword));
  });
});

describe('a job ends', () => {
  const firstDone = [queued(), started(), stepStarted(), stepSucceeded()];
  const allDone = [...firstDone, stepStarted(2), stepSucceeded(2, suggestionsResult)];

  it('when all of its steps succeeded', () => {
    givenJob(...firstDone)
      .when({ type: 'CompleteJob' })
      .thenNothing();
    givenJob(...allDone)
      .when({ type: 'CompleteJob' })
      .then(jobSucceeded());
  });

  it('for ever: nothing is done with it any more', () => {
    const ended = givenJob(...allDone, jobSucceeded());
    ended.when({ type: 'QueueJob', request: syncRequest }).thenNothing();
    ended.when({ type: 'StartJob' }).thenNothing();
    ended.when({ type: 'StartStep', step: 2, runnerId: runner }).thenNothing();
    ended.when({ type: 'CompleteJob' }).thenNothing();
    ended.when({ type: 'FailJob' }).thenNothing();
    ended.when({ type: 'RequestCancel', by: 'anna' }).thenNothing();
    ended.when({ type: 'CancelJob' }).thenNothing();
    ended.when({ type: 'SucceedStep', claim: claim(2), result: suggestionsResult }).thenNothing();
  });

  it('and expires when it was kept long enough, once', () => {
    givenJob(...allDone, jobSucceeded())
      .when({ type: 'ExpireJob' })
      .then(jobExpired());
    givenJob(...allDone, jobSucceeded(), jobExpired())
      .when({ type: 'ExpireJob' })
      .thenNothing();
    givenJob(queued(), started(), stepStarted(), stepFailed(1, wrongPassword), jobFailed(wrongPassword))
      .when({ type: 'ExpireJob' })
      .then(jobExpired());
  });

  it('before it may expire: an active job is kept however old it is', () => {
    givenJob(queued()).when({ type: 'ExpireJob' }).thenNothing();
    givenJob(...firstDone)
      .when({ type: 'ExpireJob' })
      .thenNothing();
  });
});
