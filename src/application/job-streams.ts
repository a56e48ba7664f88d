import type { AppendResult, EventStore, Position } from '../eventstore/event-store.js';
import { evolve, noJob, type Job } from '../domain/job.js';
import { jobEventSchema, type JobEvent } from '../domain/job-events.js';
import { jobStream } from '../domain/streams.js';
import { appendDurably } from './durable-append.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';
import { untilAvailable } from './until-available.js';

export interface LoadedJob {
  readonly job: Job;
  readonly revision: number | 'no-stream';
  /** Of the first event, and of the last; null where there is none. */
  readonly since: Position | null;
  readonly position: Position | null;
  /** Of the last claim; null where there was none yet. */
  readonly claimedAt: Position | null;
}

/** The jobs' streams: loads a job from its events, appends to it under the revision that was loaded. */
export class JobStreams {
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted */
  async load(jobId: string, signal: AbortSignal): Promise<LoadedJob> {
    const events = await untilAvailable(() => this.#store.read(jobStream(jobId)), signal);
    const last = events.at(-1);
    return {
      job: events.map((event) => parseEvent(jobEventSchema, event)).reduce(evolve, noJob),
      revision: last?.revision ?? 'no-stream',
      since: events[0]?.position ?? null,
      position: last?.position ?? null,
      claimedAt: events.findLast(({ type }) => type === 'StepStarted')?.position ?? null,
    };
  }

  /**
   * @throws WrongExpectedRevisionError, EventStoreUnavailableError
   * @throws ZodError an event that nobody could read: it would stop all who come upon it, so it is not written
   */
  async append(
    jobId: string,
    revision: LoadedJob['revision'],
    events: readonly JobEvent[],
    signal: AbortSignal,
  ): Promise<AppendResult> {
    const facts = events.map((event) => jobEventSchema.parse(event));
    return appendDurably(this.#store, jobStream(jobId), facts, { expectedRevision: revision, signal });
  }

  /** @throws WrongExpectedRevisionError, EventStoreUnavailableError */
  delete(jobId: string, revision: number, signal: AbortSignal): Promise<void> {
    return untilAvailable(() => this.#store.delete(jobStream(jobId), { expectedRevision: revision }), signal);
  }
}
