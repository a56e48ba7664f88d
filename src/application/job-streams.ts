import type { AppendResult, EventStore, Position } from '../eventstore/event-store.js';
import { evolve, noJob, type Job } from '../domain/job.js';
import { jobEventSchema, type JobEvent } from '../domain/job-events.js';
import { jobStream } from '../domain/streams.js';
import { appendDurably } from './durable-append.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';

export interface LoadedJob {
  readonly job: Job;
  readonly revision: number | 'no-stream';
  /** Of the last event; null where there is none. */
  readonly position: Position | null;
}

/** The jobs' streams: loads a job from its events, appends to it under the revision that was loaded. */
export class JobStreams {
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** @throws MalformedEventError, EventStoreUnavailableError */
  async load(jobId: string): Promise<LoadedJob> {
    const events = await this.#store.read(jobStream(jobId));
    const last = events.at(-1);
    return {
      job: events.map((event) => parseEvent(jobEventSchema, event)).reduce(evolve, noJob),
      revision: last?.revision ?? 'no-stream',
      position: last?.position ?? null,
    };
  }

  /** @throws WrongExpectedRevisionError, EventStoreUnavailableError */
  append(
    jobId: string,
    revision: LoadedJob['revision'],
    events: readonly JobEvent[],
    signal: AbortSignal,
  ): Promise<AppendResult> {
    return appendDurably(this.#store, jobStream(jobId), events, { expectedRevision: revision, signal });
  }

  /** @throws WrongExpectedRevisionError, EventStoreUnavailableError */
  delete(jobId: string, revision: number): Promise<void> {
    return this.#store.delete(jobStream(jobId), { expectedRevision: revision });
  }
}
