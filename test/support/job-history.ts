import { decide, type JobCommand } from '../../src/domain/decide-job.js';
import { failure, type Failure } from '../../src/domain/failure.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import { evolve, noJob } from '../../src/domain/job.js';
import type { StepProgress, StepResult } from '../../src/domain/step-outcome.js';
import { givenFor } from './given-when-then.js';

/** The moment at which everything happens, where a spec does not say otherwise. */
export const now = '2026-03-02T09:00:00.000Z';

export function minutesAfter(instant: string, minutes: number): string {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString();
}

export const owner = 'anna';
export const budget = 'household';
export const runner = 'runner-1';

/** One step. */
export const syncRequest: JobRequest = {
  type: 'SYNC',
  ownerId: owner,
  budgetId: budget,
  input: {},
  plan: [{ step: 1, type: 'SYNC' }],
};

/** Two steps, the second of which works in batches. */
export const combinedRequest: JobRequest = {
  type: 'SYNC_AND_GENERATE',
  ownerId: owner,
  budgetId: budget,
  input: { batch: { allUncategorized: true } },
  plan: [
    { step: 1, type: 'SYNC' },
    { step: 2, type: 'SUGGESTIONS_GENERATION' },
  ],
};

export const syncResult: StepResult = {
  kind: 'SYNC',
  messagesReceived: 3,
  messagesSent: 1,
  transactionsChanged: 2,
  accountsTouched: ['Checking'],
  durationMs: 420,
};

export const suggestionsResult: StepResult = {
  kind: 'SUGGESTIONS',
  requested: 2,
  suggested: 1,
  fromHistory: 1,
  fromModel: 0,
  unanswered: 1,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
};

/** One answered batch of suggestions. */
export function answers(batch: number): StepProgress {
  return {
    kind: 'SUGGESTIONS',
    batch,
    requested: 2,
    suggestions: [
      {
        transactionId: `transaction-${batch}`,
        date: '2026-02-27',
        payee: 'Lidl',
        amount: -2350,
        categoryId: 'groceries',
        categoryName: 'Groceries',
        source: 'HISTORY',
        confidence: 0.93,
        rationale: '14 of 15 earlier Lidl transactions were Groceries.',
      },
    ],
    unanswered: [],
    model: null,
    inputTokens: 0,
    outputTokens: 0,
  };
}

export const unreachable = failure('ACTUAL_UNREACHABLE');
export const wrongPassword = failure('ACTUAL_AUTH_FAILED');

const happened = { v: 1, at: now } as const;

/** The facts of a job's life, as they are recorded. */
export const queued = (request = combinedRequest): JobEvent => ({ type: 'JobQueued', ...happened, request });
export const started = (): JobEvent => ({ type: 'JobStarted', ...happened });
export const stepStarted = (step = 1, attempt = 1, runnerId = runner): JobEvent => ({
  type: 'StepStarted',
  ...happened,
  step,
  attempt,
  runnerId,
});
export const stepAdvanced = (step: number, progress: StepProgress): JobEvent => ({
  type: 'StepAdvanced',
  ...happened,
  step,
  progress,
});
export const stepSucceeded = (step = 1, result = step === 1 ? syncResult : suggestionsResult): JobEvent => ({
  type: 'StepSucceeded',
  ...happened,
  step,
  result,
});
export const attemptFailed = (
  step: number,
  attempt: number,
  retryAt: string,
  why = unreachable,
): JobEvent => ({
  type: 'StepAttemptFailed',
  ...happened,
  step,
  attempt,
  failure: why,
  retryAt,
});
export const stepFailed = (step: number, why: Failure): JobEvent => ({
  type: 'StepFailed',
  ...happened,
  step,
  failure: why,
});
export const stepInterrupted = (step = 1, attempt = 1): JobEvent => ({
  type: 'StepInterrupted',
  ...happened,
  step,
  attempt,
});
export const stepSkipped = (step: number): JobEvent => ({
  type: 'StepSkipped',
  ...happened,
  step,
  because: failure('PREREQUISITE_FAILED'),
});
export const cancelRequested = (by = owner): JobEvent => ({ type: 'CancelRequested', ...happened, by });
export const jobSucceeded = (): JobEvent => ({ type: 'JobSucceeded', ...happened });
export const jobFailed = (why: Failure): JobEvent => ({ type: 'JobFailed', ...happened, failure: why });
export const jobCanceled = (): JobEvent => ({ type: 'JobCanceled', ...happened });
export const startReferred = (to: string, request = syncRequest): JobEvent => ({
  type: 'StartReferred',
  ...happened,
  request,
  to,
});
export const jobExpired = (): JobEvent => ({ type: 'JobExpired', ...happened });

export const later = (event: JobEvent, minutes: number): JobEvent => ({
  ...event,
  at: minutesAfter(now, minutes),
});

/** The right to report on an attempt. */
export const claim = (step = 1, attempt = 1, runnerId = runner) => ({ step, attempt, runnerId });

/** A command as specs write it: given `now` where they do not say when. */
export type CommandNow = JobCommand extends infer C
  ? C extends JobCommand
    ? Omit<C, 'at'> & { readonly at?: string }
    : never
  : never;

export const givenJob = givenFor<ReturnType<typeof evolve>, CommandNow, JobEvent>({
  initial: noJob,
  decide: (job, command) => decide(job, { at: now, ...command }),
  evolve,
});
