import type { JobCommand } from './decide-job.js';
import { failure } from './failure.js';
import { currentStep, isActive, isSettledIn, type ActiveJob, type Job, type Step } from './job.js';
import type { JobRequest } from './job-request.js';

/** All that the saga may know besides the job itself. It is data, gathered by whoever asks. */
export interface Situation {
  /** An ISO instant in UTC. */
  readonly now: string;
  /** The lane from which the job is looked at. */
  readonly lane: {
    readonly budgetId: string;
    /** The job's own admission; null where it is not, or no longer, in this lane. */
    readonly admitted: JobRequest | null;
    readonly isHead: boolean;
  };
  /** The runner on whose behalf is asked. */
  readonly runner: { readonly id: string; readonly hasFreeSlot: boolean };
  /** Whether whoever holds the current claim is known to be gone; false where there is no claim. */
  readonly claimantIsGone: boolean;
  readonly budgetIsConfigured: boolean;
  /** Whether another server may know the budget where this one does not, and act before long. */
  readonly othersMayKnowBudget: boolean;
  /** A step that was interrupted more often than this fails. */
  readonly maxInterruptions: number;
  /** No pause between two attempts is meant to be longer. */
  readonly longestPauseMs: number;
}

export type SagaCommand =
  | JobCommand
  /** For the lane: the job need not be there any longer. */
  | { readonly type: 'ReleaseJob' };

/**
 * The process manager: the next command of a job, or null where it is somebody else's turn: a running
 * step's, a lane's, the clock's. It is level-triggered: the answer follows from the present state alone, so
 * it may be asked at any time, by anyone, as often as they like.
 */
export function next(job: Job, situation: Situation): SagaCommand | null {
  const { lane, now: at } = situation;
  if (job.status === 'NONE') {
    // A crash came between the admission and the job's first event.
    return lane.admitted ? { type: 'QueueJob', at, request: lane.admitted } : null;
  }
  // Another lane's: one idempotency key was used for two budgets, and the first event names the other one.
  if (isSettledIn(lane.budgetId, job)) return lane.admitted ? { type: 'ReleaseJob' } : null;
  return isActive(job) ? nextOfActive(job, situation) : null;
}

function nextOfActive(job: ActiveJob, situation: Situation): JobCommand | null {
  const at = situation.now;
  const step = currentStep(job);
  if (!step) return { type: 'CompleteJob', at };
  switch (step.status) {
    case 'FAILED':
      return { type: 'FailJob', at };
    case 'RUNNING': {
      const claim = { step: step.step, attempt: step.attempt, runnerId: step.runnerId };
      return situation.claimantIsGone ? { type: 'InterruptStep', at, claim } : null;
    }
    case 'QUEUED':
    case 'WAITING':
    case 'INTERRUPTED':
      return nextOfIdle(job, step, situation);
    case 'SUCCEEDED':
    case 'CANCELED':
    case 'SKIPPED':
      throw new RangeError(`The current step of an active job cannot be ${step.status}`);
    default:
      return step satisfies never;
  }
}

function nextOfIdle(job: ActiveJob, step: Step, situation: Situation): JobCommand | null {
  const { now: at, lane, runner } = situation;
  if (job.cancelRequested) return { type: 'CancelJob', at };
  if (step.status === 'INTERRUPTED' && step.interruptions > situation.maxInterruptions) {
    return { type: 'FailStep', at, step: step.step, failure: failure('INTERRUPTED_TOO_OFTEN') };
  }
  if (!lane.admitted || !lane.isHead) return null;
  if (!situation.budgetIsConfigured) {
    if (situation.othersMayKnowBudget) return null;
    return { type: 'FailStep', at, step: step.step, failure: budgetGone };
  }
  if (step.status === 'WAITING' && isPausing(step, situation)) return null;
  if (!runner.hasFreeSlot) return null;
  return job.status === 'QUEUED'
    ? { type: 'StartJob', at }
    : { type: 'StartStep', at, step: step.step, runnerId: runner.id };
}

/**
 * A pause that seems to last far longer than any may began before the clock was set back, and is taken for over; clocks of
 * several servers differ by less.
 */
function isPausing({ retryAt }: { readonly retryAt: string }, { now, longestPauseMs }: Situation): boolean {
  return now < retryAt && Date.parse(retryAt) - Date.parse(now) <= 2 * longestPauseMs;
}

const budgetGone = failure('ACTUAL_BUDGET_NOT_FOUND', {
  message: 'The budget of this job is no longer configured.',
  action: 'Add its Sync ID to ACTUAL_SYNC_ID again, or start the job for another budget.',
});

/** When the answer of `next` will change by the mere passing of time; null: never. */
export function wakeAt(job: Job): string | null {
  if (!isActive(job)) return null;
  const step = currentStep(job);
  return step?.status === 'WAITING' ? step.retryAt : null;
}
