import type { Failure } from './failure.js';
import type { JobEvent } from './job-events.js';
import type { JobRequest } from './job-request.js';
import type { StepProgress, StepResult } from './step-outcome.js';

/** One job, folded from its events. `NONE` is before the first event, `EXPIRED` after the last possible one. */
export type Job =
  | { readonly status: 'NONE' }
  | (JobFacts & { readonly status: 'QUEUED' })
  | (JobFacts & { readonly status: 'RUNNING' })
  | (JobFacts & { readonly status: 'SUCCEEDED' })
  | (JobFacts & { readonly status: 'FAILED'; readonly failure: Failure })
  | (JobFacts & { readonly status: 'CANCELED' })
  | (JobFacts & { readonly status: 'EXPIRED' })
  /** No job: an id that stands for another one. */
  | (JobFacts & { readonly status: 'REFERRED'; readonly to: string });

export type ExistingJob = Exclude<Job, { status: 'NONE' }>;
export type ActiveJob = Extract<Job, { status: 'QUEUED' | 'RUNNING' }>;

interface JobFacts {
  readonly request: JobRequest;
  /** In the order in which they run; never empty. */
  readonly steps: readonly Step[];
  readonly cancelRequested: boolean;
  readonly lastEventAt: string;
}

export type Step = StepFacts &
  (
    | { readonly status: 'QUEUED' }
    | { readonly status: 'RUNNING'; readonly runnerId: string }
    | { readonly status: 'WAITING'; readonly retryAt: string; readonly failure: Failure }
    | { readonly status: 'INTERRUPTED' }
    | { readonly status: 'SUCCEEDED'; readonly result: StepResult }
    | { readonly status: 'FAILED'; readonly failure: Failure }
    | { readonly status: 'CANCELED' }
    | { readonly status: 'SKIPPED' }
  );

interface StepFacts {
  readonly step: number;
  readonly type: string;
  /** Attempts started so far; the number of the current one. */
  readonly attempt: number;
  /** Attempts that failed and were to be repeated. */
  readonly failedAttempts: number;
  /** Attempts whose runner went away without a word. */
  readonly interruptions: number;
  /** What all attempts together have achieved, an earlier job's carried-over part included. */
  readonly progress: readonly StepProgress[];
}

export const noJob: Job = { status: 'NONE' };

/** Whether nothing is to be done any more. A terminal status is terminal: nothing but `JobExpired` follows. */
export function hasEnded(job: Job): boolean {
  return job.status !== 'NONE' && !isActive(job);
}

/** Whether a lane has to release the job: it has ended, or it is another lane's. */
export function isSettledIn(budgetId: string, job: Job): boolean {
  return job.status !== 'NONE' && (hasEnded(job) || job.request.budgetId !== budgetId);
}

export function isActive(job: Job): job is ActiveJob {
  return job.status === 'QUEUED' || job.status === 'RUNNING';
}

/** The step that is next or running: the first that has not succeeded. Undefined when all have. */
export function currentStep(job: ExistingJob): Step | undefined {
  return job.steps.find((step) => step.status !== 'SUCCEEDED');
}

/** @throws RangeError where an event cannot follow: the history itself is broken */
export function evolve(job: Job, event: JobEvent): Job {
  if (event.type === 'JobQueued') {
    checkIsFirst(job, event);
    return { ...begun(event), status: 'QUEUED' };
  }
  if (event.type === 'StartReferred') {
    checkIsFirst(job, event);
    return { ...begun(event), status: 'REFERRED', to: event.to };
  }
  if (job.status === 'NONE') throw new RangeError(`${event.type} cannot be the first event of a job`);
  return { ...applyTo(job, event), lastEventAt: event.at };
}

type FirstEvent = Extract<JobEvent, { type: 'JobQueued' | 'StartReferred' }>;

function checkIsFirst(job: Job, { type }: FirstEvent): void {
  if (job.status !== 'NONE') throw new RangeError(`${type} cannot follow in a job that is ${job.status}`);
}

function begun({ request, at }: FirstEvent): JobFacts {
  return {
    request,
    steps: request.plan.map(({ step, type, carried }) => {
      const facts = { step, type, attempt: 0, failedAttempts: 0, interruptions: 0 };
      const progress = carried?.progress ?? [];
      return carried?.result
        ? { ...facts, progress, status: 'SUCCEEDED', result: carried.result }
        : { ...facts, progress, status: 'QUEUED' };
    }),
    cancelRequested: false,
    lastEventAt: at,
  };
}

function applyTo(job: ExistingJob, event: Exclude<JobEvent, FirstEvent>): ExistingJob {
  switch (event.type) {
    case 'JobStarted':
      return { ...factsOf(job), status: 'RUNNING' };
    case 'StepStarted':
      return withStep(job, event.step, (step) => ({
        ...stepFactsOf(step),
        status: 'RUNNING',
        attempt: event.attempt,
        runnerId: event.runnerId,
      }));
    case 'StepAdvanced':
      return withStep(job, event.step, (step) => ({ ...step, progress: [...step.progress, event.progress] }));
    case 'StepSucceeded':
      return withStep(job, event.step, (step) => ({
        ...stepFactsOf(step),
        status: 'SUCCEEDED',
        result: event.result,
      }));
    case 'StepAttemptFailed':
      return withStep(job, event.step, (step) => ({
        ...stepFactsOf(step),
        status: 'WAITING',
        failedAttempts: step.failedAttempts + 1,
        retryAt: event.retryAt,
        failure: event.failure,
      }));
    case 'StepFailed':
      return withStep(job, event.step, (step) => ({
        ...stepFactsOf(step),
        status: 'FAILED',
        failure: event.failure,
      }));
    case 'StepInterrupted':
      return withStep(job, event.step, (step) => ({
        ...stepFactsOf(step),
        status: 'INTERRUPTED',
        // Who is told to stop is not to blame; what is counted may come from the step itself.
        interruptions: step.interruptions + (event.orderly ? 0 : 1),
      }));
    case 'StepSkipped':
      return withStep(job, event.step, (step) => ({ ...stepFactsOf(step), status: 'SKIPPED' }));
    case 'CancelRequested':
      return { ...job, cancelRequested: true };
    case 'JobSucceeded':
      return { ...factsOf(job), status: 'SUCCEEDED' };
    case 'JobFailed':
      return { ...factsOf(job), status: 'FAILED', failure: event.failure };
    case 'JobCanceled':
      return { ...factsOf(job), status: 'CANCELED', steps: job.steps.map(canceled) };
    case 'JobExpired':
      return { ...factsOf(job), status: 'EXPIRED' };
    default:
      return event satisfies never;
  }
}

function canceled(step: Step): Step {
  return step.status === 'SUCCEEDED' || step.status === 'FAILED' || step.status === 'SKIPPED'
    ? step
    : { ...stepFactsOf(step), status: 'CANCELED' };
}

function withStep(job: ExistingJob, number: number, change: (step: Step) => Step): ExistingJob {
  if (!job.steps.some(({ step }) => step === number)) throw new RangeError(`A job has no step ${number}`);
  return { ...job, steps: job.steps.map((step) => (step.step === number ? change(step) : step)) };
}

function factsOf({ request, steps, cancelRequested, lastEventAt }: ExistingJob): JobFacts {
  return { request, steps, cancelRequested, lastEventAt };
}

function stepFactsOf({ step, type, attempt, failedAttempts, interruptions, progress }: Step): StepFacts {
  return { step, type, attempt, failedAttempts, interruptions, progress };
}
