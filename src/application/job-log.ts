import type { JobEvent, JobEventType } from '../domain/job-events.js';
import type { ExistingJob } from '../domain/job.js';
import type { EndedAttempt, JobObserver } from './job-observer.js';
import type { Logger } from './logger.js';

/** What is said of an event; how attempts end is said once for all. */
const sentences: Partial<Record<JobEventType, string>> = {
  JobQueued: 'A job was started',
  StepStarted: 'A step began',
  CancelRequested: 'A job is to be canceled',
  JobSucceeded: 'A job succeeded',
  JobFailed: 'A job failed',
  JobCanceled: 'A job was canceled',
};

/** Writes into the log what this process does with jobs. */
export class JobLog implements JobObserver {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  recorded(jobId: string, { request }: ExistingJob, events: readonly JobEvent[]): void {
    for (const event of events) {
      const sentence = sentences[event.type];
      if (sentence === undefined) continue;
      const facts = {
        ...{ jobId, type: request.type, owner: request.ownerId },
        ...('step' in event && { step: event.step }),
        ...('attempt' in event && { attempt: event.attempt }),
        ...('failure' in event && { code: event.failure.code }),
      };
      this.#log.info(facts, sentence);
    }
  }

  attempted({ ownerId: owner, durationMs, ...about }: EndedAttempt): void {
    this.#log.info({ ...about, owner, durationMs: Math.round(durationMs) }, 'An attempt of a step ended');
  }
}
