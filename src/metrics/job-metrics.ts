import { Counter, Histogram, type Registry } from 'prom-client';
import type { AttemptEnd, EndedAttempt, JobObserver } from '../application/job-observer.js';
import { failureCodes, type FailureCode } from '../domain/failure.js';
import type { JobEvent } from '../domain/job-events.js';
import type { ExistingJob } from '../domain/job.js';

/** What there is to be counted: bounds the values of labels, and lets counters begin at 0. */
export interface KnownTypes {
  readonly jobTypes: readonly string[];
  readonly stepTypes: readonly string[];
}

const jobEnds = { JobSucceeded: 'SUCCEEDED', JobFailed: 'FAILED', JobCanceled: 'CANCELED' } as const;

const attemptEnds: readonly AttemptEnd[] = [
  'SUCCEEDED',
  'FAILED',
  'RETRIED',
  'CANCELED',
  'INTERRUPTED',
  'LOST',
];

/** From an instant to the longest deadlines, in seconds. */
const stepBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counts what this process itself has done with jobs, so that the sum over all servers is what happened. */
export class JobMetrics implements JobObserver {
  readonly #queued: Counter<'type'>;
  readonly #ended: Counter<'type' | 'end'>;
  readonly #failures: Counter<'type' | 'code'>;
  readonly #durations: Histogram<'type' | 'end'>;

  constructor(registry: Registry, { jobTypes, stepTypes }: KnownTypes) {
    const registers = [registry];
    this.#queued = new Counter({
      name: 'actual_jobs_queued_total',
      help: 'Jobs that were started, by type.',
      labelNames: ['type'],
      registers,
    });
    this.#ended = new Counter({
      name: 'actual_jobs_ended_total',
      help: 'Jobs that ended, by type and how: SUCCEEDED, FAILED or CANCELED.',
      labelNames: ['type', 'end'],
      registers,
    });
    this.#failures = new Counter({
      name: 'actual_jobs_step_failures_total',
      help: 'Attempts of steps that failed, tried again or not, by type of step and failure code.',
      labelNames: ['type', 'code'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'actual_jobs_step_duration_seconds',
      help: 'How long attempts of steps took, by type of step and how they ended.',
      labelNames: ['type', 'end'],
      buckets: stepBuckets,
      registers,
    });
    for (const type of jobTypes) {
      this.#queued.inc({ type }, 0);
      for (const end of Object.values(jobEnds)) this.#ended.inc({ type, end }, 0);
    }
    for (const type of stepTypes) {
      for (const code of failureCodes) this.#failures.inc({ type, code }, 0);
      for (const end of attemptEnds) this.#durations.zero({ type, end });
    }
  }

  recorded(_jobId: string, job: ExistingJob, events: readonly JobEvent[]): void {
    for (const event of events) this.#count(job, event);
  }

  attempted({ stepType: type, end, durationMs }: EndedAttempt): void {
    this.#durations.observe({ type, end }, durationMs / 1_000);
  }

  #count({ request: { type }, steps }: ExistingJob, event: JobEvent): void {
    switch (event.type) {
      case 'JobQueued':
        this.#queued.inc({ type });
        return;
      case 'JobSucceeded':
      case 'JobFailed':
      case 'JobCanceled':
        this.#ended.inc({ type, end: jobEnds[event.type] });
        return;
      case 'StepAttemptFailed':
      case 'StepFailed': {
        const { code }: { readonly code: FailureCode } = event.failure;
        const step = steps.find((each) => each.step === event.step);
        if (step) this.#failures.inc({ type: step.type, code });
        return;
      }
      case 'StartReferred':
      case 'JobStarted':
      case 'StepStarted':
      case 'StepAdvanced':
      case 'StepSucceeded':
      case 'StepInterrupted':
      case 'StepSkipped':
      case 'CancelRequested':
      case 'JobExpired':
        return;
      default:
        event satisfies never;
    }
  }
}
