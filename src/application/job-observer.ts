import type { JobEvent } from '../domain/job-events.js';
import type { ExistingJob } from '../domain/job.js';

/**
 * Told of what this very process has done: of several that share a store, each is told of its own part only, and of
 * nothing again after a restart. Must not throw.
 */
export interface JobObserver {
  /** Events were appended to a job, durably; `job` is what they have made of it. */
  recorded(jobId: string, job: ExistingJob, events: readonly JobEvent[]): void;

  /** An attempt of a step, which was carried out here, is over. */
  attempted(attempt: EndedAttempt): void;
}

export interface EndedAttempt {
  readonly jobId: string;
  readonly ownerId: string;
  readonly step: number;
  readonly stepType: string;
  readonly attempt: number;
  readonly end: AttemptEnd;
  readonly durationMs: number;
}

/**
 * `RETRIED`: it failed, and another one follows. `INTERRUPTED`: the server was stopped. `LOST`: others took this process
 * for gone, or it could not report.
 */
export type AttemptEnd = 'SUCCEEDED' | 'FAILED' | 'RETRIED' | 'CANCELED' | 'INTERRUPTED' | 'LOST';

/** All of them, in this order. */
export function observedBy(...observers: readonly JobObserver[]): JobObserver {
  return {
    recorded: (...told) => observers.forEach((observer) => observer.recorded(...told)),
    attempted: (...told) => observers.forEach((observer) => observer.attempted(...told)),
  };
}

export const unobserved: JobObserver = { recorded: () => undefined, attempted: () => undefined };
