import { describe, expect, it } from 'vitest';
import { evolve, hasEnded, isActive, noJob } from '../../src/domain/job.js';
import {
  cancelRequested,
  claim,
  givenJob,
  jobCanceled,
  jobExpired,
  jobFailed,
  jobSucceeded,
  later,
  minutesAfter,
  now,
  queued,
  started,
  stepFailed,
  stepStarted,
  stepSucceeded,
  syncRequest,
  syncResult,
  wrongPassword,
} from '../support/job-history.js';

describe('time', () => {
  it('is that of the command', () => {
    const at = minutesAfter(now, 5);
    givenJob(queued()).when({ type: 'StartJob', at }).then(later(started(), 5));
  });

  it('never goes back: where a clock does, an event has the time of the one before it', () => {
    const at = minutesAfter(now, -5);
    givenJob(later(queued(), 3)).when({ type: 'StartJob', at }).then(later(started(), 3));
  });

  it('is one for all that one command makes', () => {
    const history = [queued(syncRequest), started(), stepStarted(), stepFailed(1, wrongPassword)];
    givenJob(...history)
      .when({ type: 'FailJob', at: minutesAfter(now, 5) })
      .then(later(jobFailed(wrongPassword), 5));
  });
});

describe('a status', () => {
  const done = [queued(syncRequest), started(), stepStarted(), stepSucceeded()];
  it.each([
    ['NONE', []],
    ['QUEUED', [queued()]],
    ['QUEUED', [queued(), cancelRequested()]],
    ['RUNNING', [queued(), started()]],
    ['RUNNING', done],
    ['SUCCEEDED', [...done, jobSucceeded()]],
    ['FAILED', [queued(syncRequest), stepFailed(1, wrongPassword), jobFailed(wrongPassword)]],
    ['CANCELED', [queued(), cancelRequested(), jobCanceled()]],
    ['EXPIRED', [...done, jobSucceeded(), jobExpired()]],
  ] as const)('follows from the history: %s', (status, history) => {
    expect(history.reduce(evolve, noJob).status).toBe(status);
  });

  it('says whether the job is active or has ended; one that does not exist is neither', () => {
    const ended = [...done, jobSucceeded()].reduce(evolve, noJob);
    expect([isActive(noJob), hasEnded(noJob)]).toEqual([false, false]);
    expect([isActive(evolve(noJob, queued())), hasEnded(evolve(noJob, queued()))]).toEqual([true, false]);
    expect([isActive(ended), hasEnded(ended)]).toEqual([false, true]);
  });

  it('of a failed job comes with the reason', () => {
    const history = [queued(syncRequest), stepFailed(1, wrongPassword), jobFailed(wrongPassword)];
    expect(history.reduce(evolve, noJob)).toMatchObject({ status: 'FAILED', failure: wrongPassword });
  });
});

describe('a history that cannot be', () => {
  it('is not read: a first event that is not the first', () => {
    expect(() => evolve(noJob, started())).toThrow('JobStarted cannot be the first event of a job');
  });

  it('is not read: a second beginning', () => {
    expect(() => [queued(), queued()].reduce(evolve, noJob)).toThrow('JobQueued cannot follow');
  });

  it('is not read: a step that the plan does not have', () => {
    expect(() => [queued(syncRequest), started(), stepStarted(2)].reduce(evolve, noJob)).toThrow(
      'A job has no step 2',
    );
  });

  it('cannot come about by commands', () => {
    givenJob(queued(syncRequest), started())
      .when({ type: 'SucceedStep', claim: claim(2), result: syncResult })
      .thenNothing();
  });
});
