import { failure, type Failure } from './failure.js';
import { currentStep, hasEnded, isActive, type ActiveJob, type Job, type Step } from './job.js';
import type { JobEvent } from './job-events.js';
import type { JobRequest } from './job-request.js';
import type { StepProgress, StepResult } from './step-outcome.js';

/** The right to report on one attempt of one step. Reports under another claim change nothing. */
export interface Claim {
  readonly step: number;
  readonly attempt: number;
  readonly runnerId: string;
}

/** The claim under which the job's current step runs; null where none does. */
export function claimOf(job: Job): Claim | null {
  const step = isActive(job) ? currentStep(job) : undefined;
  return step?.status === 'RUNNING'
    ? { step: step.step, attempt: step.attempt, runnerId: step.runnerId }
    : null;
}

/** `at`: now, an ISO instant in UTC. */
export type JobCommand = { readonly at: string } & (
  | { readonly type: 'QueueJob'; readonly request: JobRequest }
  /** Lets the id of a key stand for the job that answered the start. */
  | { readonly type: 'ReferStart'; readonly request: JobRequest; readonly to: string }
  | { readonly type: 'StartJob' }
  /** Claims the step for a runner. */
  | { readonly type: 'StartStep'; readonly step: number; readonly runnerId: string }
  | { readonly type: 'AdvanceStep'; readonly claim: Claim; readonly progress: StepProgress }
  | { readonly type: 'SucceedStep'; readonly claim: Claim; readonly result: StepResult }
  /** `retryAt`: when to try again; null: this was the last attempt. */
  | {
      readonly type: 'FailAttempt';
      readonly claim: Claim;
      readonly failure: Failure;
      readonly retryAt: string | null;
    }
  /** The runner has stopped the step because the job is to be canceled. */
  | { readonly type: 'StopStep'; readonly claim: Claim }
  /** The runner that holds the claim is gone, or, where that is orderly, is about to go and says so itself. */
  | { readonly type: 'InterruptStep'; readonly claim: Claim; readonly orderly?: true }
  /** A step that nobody runs cannot go on. */
  | { readonly type: 'FailStep'; readonly step: number; readonly failure: Failure }
  | { readonly type: 'RequestCancel'; readonly by: string }
  | { readonly type: 'CompleteJob' }
  | { readonly type: 'FailJob' }
  | { readonly type: 'CancelJob' }
  | { readonly type: 'ExpireJob' }
);

type EventFact = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'v' | 'at'> : never) : never;

/**
 * What a command makes of a job. A command that was already carried out, comes too late or does not fit the
 * job's state yields nothing, so that delivering commands more than once is harmless.
 */
export function decide(job: Job, command: JobCommand): readonly JobEvent[] {
  const at = job.status === 'NONE' || job.lastEventAt < command.at ? command.at : job.lastEventAt;
  return factsFor(job, command).map((fact) => ({ ...fact, v: 1, at }));
}

function factsFor(job: Job, command: JobCommand): readonly EventFact[] {
  if (command.type === 'QueueJob') {
    return job.status === 'NONE' ? [{ type: 'JobQueued', request: command.request }] : [];
  }
  if (command.type === 'ReferStart') {
    const { request, to } = command;
    return job.status === 'NONE' ? [{ type: 'StartReferred', request, to }] : [];
  }
  if (command.type === 'ExpireJob') {
    const mayExpire = hasEnded(job) && job.status !== 'EXPIRED' && job.status !== 'REFERRED';
    return mayExpire ? [{ type: 'JobExpired' }] : [];
  }
  if (!isActive(job)) return [];
  const current = currentStep(job);
  switch (command.type) {
    case 'StartJob':
      return job.status === 'QUEUED' && !job.cancelRequested ? [{ type: 'JobStarted' }] : [];
    case 'StartStep':
      return job.status === 'RUNNING' && current?.step === command.step && mayStart(job, current)
        ? [
            {
              type: 'StepStarted',
              step: current.step,
              attempt: current.attempt + 1,
              runnerId: command.runnerId,
            },
          ]
        : [];
    case 'AdvanceStep': {
      const { claim, progress } = command;
      const isNext = current !== undefined && progress.batch === current.progress.length + 1;
      return holds(current, claim) && isNext ? [{ type: 'StepAdvanced', step: claim.step, progress }] : [];
    }
    case 'SucceedStep':
      return holds(current, command.claim)
        ? [{ type: 'StepSucceeded', step: command.claim.step, result: command.result }]
        : [];
    case 'FailAttempt':
      return holds(current, command.claim) ? attemptFailed(command) : [];
    case 'StopStep':
      return job.cancelRequested && holds(current, command.claim) ? [{ type: 'JobCanceled' }] : [];
    case 'InterruptStep':
      return holds(current, command.claim) ? [interrupted(command)] : [];
    case 'FailStep':
      return current?.step === command.step && isIdle(current)
        ? [{ type: 'StepFailed', step: command.step, failure: command.failure }]
        : [];
    case 'RequestCancel':
      return job.cancelRequested ? [] : [{ type: 'CancelRequested', by: command.by }];
    case 'CompleteJob':
      return current === undefined ? [{ type: 'JobSucceeded' }] : [];
    case 'FailJob':
      return current?.status === 'FAILED' ? jobFailed(job, current.failure) : [];
    case 'CancelJob':
      return job.cancelRequested && current !== undefined && isIdle(current) ? [{ type: 'JobCanceled' }] : [];
    default:
      return command satisfies never;
  }
}

function interrupted({ claim, orderly }: Extract<JobCommand, { type: 'InterruptStep' }>): EventFact {
  const { step, attempt } = claim;
  return { type: 'StepInterrupted', step, attempt, ...(orderly && { orderly }) };
}

/** Whether nobody is at work on a step that still has to be done. */
function isIdle(step: Step): boolean {
  return step.status === 'QUEUED' || step.status === 'WAITING' || step.status === 'INTERRUPTED';
}

/** Whether its pause is over is for the saga to say: clocks can be set back. */
function mayStart(job: ActiveJob, step: Step): boolean {
  return !job.cancelRequested && isIdle(step);
}

function holds(step: Step | undefined, claim: Claim): boolean {
  return (
    step?.status === 'RUNNING' &&
    step.step === claim.step &&
    step.attempt === claim.attempt &&
    step.runnerId === claim.runnerId
  );
}

function attemptFailed({
  claim: { step, attempt },
  failure: why,
  retryAt,
}: Extract<JobCommand, { type: 'FailAttempt' }>): readonly EventFact[] {
  return retryAt === null
    ? [{ type: 'StepFailed', step, failure: why }]
    : [{ type: 'StepAttemptFailed', step, attempt, failure: why, retryAt }];
}

function jobFailed(job: ActiveJob, why: Failure): readonly EventFact[] {
  const because = failure('PREREQUISITE_FAILED');
  const never = job.steps.filter(({ status }) => status === 'QUEUED');
  return [
    ...never.map(({ step }) => ({ type: 'StepSkipped' as const, step, because })),
    { type: 'JobFailed', failure: why },
  ];
}
