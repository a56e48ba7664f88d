import { describe, expect, it } from 'vitest';
import { carryOver } from '../../src/domain/carry-over.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import { currentStep, evolve, noJob } from '../../src/domain/job.js';
import {
  answers,
  claim,
  combinedRequest,
  givenJob,
  queued,
  runner,
  started,
  stepAdvanced,
  stepStarted,
  stepSucceeded,
  suggestionsResult,
  syncResult,
} from '../support/job-history.js';

const retry: JobRequest = {
  ...combinedRequest,
  retryOf: 'job-before',
  plan: [
    { step: 1, type: 'SYNC', carried: { result: syncResult, progress: [] } },
    { step: 2, type: 'SUGGESTIONS_GENERATION', carried: { progress: [answers(1)] } },
  ],
};

describe('a job that retries another', () => {
  it('has the steps that had succeeded behind it', () => {
    const job = evolve(noJob, queued(retry));
    expect(job).toMatchObject({
      status: 'QUEUED',
      steps: [
        { status: 'SUCCEEDED', attempt: 0, result: syncResult },
        { status: 'QUEUED', attempt: 0, progress: [answers(1)] },
      ],
    });
    expect(job.status !== 'NONE' && currentStep(job)?.step).toBe(2);
  });

  it('begins with the first step that had not', () => {
    givenJob(queued(retry), started()).when({ type: 'StartStep', step: 1, runnerId: runner }).thenNothing();
    givenJob(queued(retry), started())
      .when({ type: 'StartStep', step: 2, runnerId: runner })
      .then(stepStarted(2, 1));
  });

  it('begins that step at the first unanswered batch', () => {
    const atWork = [queued(retry), started(), stepStarted(2)];
    givenJob(...atWork)
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(1) })
      .thenNothing();
    givenJob(...atWork)
      .when({ type: 'AdvanceStep', claim: claim(2), progress: answers(2) })
      .then(stepAdvanced(2, answers(2)));
  });

  it('has not paid for what was answered before', () => {
    const paid = { ...answers(1), model: 'gpt-4o-mini', inputTokens: 900, outputTokens: 100 };
    const history = [
      queued(),
      started(),
      stepStarted(),
      stepSucceeded(),
      stepStarted(2),
      stepAdvanced(2, paid),
    ];
    const job = history.reduce(evolve, noJob);
    if (!('steps' in job)) throw new Error('expected a job');

    expect(carryOver(job)[1]?.carried?.progress).toEqual([{ ...paid, inputTokens: 0, outputTokens: 0 }]);
  });

  it('does not let anybody report on a step that was carried over', () => {
    givenJob(queued(retry), started(), stepStarted(2))
      .when({ type: 'SucceedStep', claim: claim(1), result: syncResult })
      .thenNothing();
    givenJob(queued(retry), started(), stepStarted(2))
      .when({ type: 'SucceedStep', claim: claim(2), result: suggestionsResult })
      .then(stepSucceeded(2, suggestionsResult));
  });
});
