import type { AppendResult, EventStore, Position, RecordedEvent } from '../eventstore/event-store.js';
import { evolve, noJob, type Job } from '../domain/job.js';
import { jobEventSchema, type JobEvent } from '../domain/job-events.js';
import { jobStream } from '../domain/streams.js';
import { appendDurably } from './durable-append.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';
import { nextMoment, type Moment } from './moment.js';
import { StreamMemory, type Known } from './stream-memory.js';
import { untraced, type Tracer } from './tracer.js';
import { untilAvailable } from '../eventstore/until-available.js';

export interface LoadedJob extends Known {
  readonly job: Job;
  /** Of the first event; null where there is none, or where it was appended here and never read. */
  readonly since: Position | null;
  /** Of the last event; null where there is none. */
  readonly position: Position | null;
  /** Of the last claim; null where there was none yet. */
  readonly claimedAt: Position | null;
  /** The trace of the mutation that started it, which accompanies its first event; undefined where nobody traced it. */
  readonly origin: string | undefined;
  /** The job's present life had begun by then. */
  readonly existedBy: Moment;
}

/** So many jobs are kept in mind, or as many answered batches. */
const mostJobs = 1_000;

/** The jobs' streams: loads a job from its events, appends to it under the revision that was loaded. */
export class JobStreams {
  readonly #store: EventStore;
  readonly #tracer: Tracer;
  readonly #memory = new StreamMemory<LoadedJob>(mostJobs, sizeOf);

  constructor(store: EventStore, tracer = untraced) {
    this.#store = store;
    this.#tracer = tracer;
  }

  /**
   * A job as its stream has it.
   *
   * @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted
   */
  async load(jobId: string, signal: AbortSignal): Promise<LoadedJob> {
    const asOf = nextMoment();
    const events = await untilAvailable(() => this.#store.read(jobStream(jobId)), signal);
    const [first] = events;
    const last = events.at(-1);
    const before = this.#memory.last(jobId);
    const loaded: LoadedJob = {
      job: events.map((event) => parseEvent(jobEventSchema, event)).reduce(evolve, noJob),
      revision: last?.revision ?? 'no-stream',
      since: first?.position ?? null,
      position: last?.position ?? null,
      claimedAt: events.findLast(({ type }) => type === 'StepStarted')?.position ?? null,
      origin: originOf(first),
      asOf,
      existedBy: first && before?.since === first.position ? before.existedBy : nextMoment(),
    };
    // What does not exist may be begun by anybody.
    if (last) this.#memory.learn(jobId, loaded);
    else this.#memory.forget(jobId);
    return loaded;
  }

  /**
   * A job as it is known here, where that is not older than `since`; otherwise as its stream has it.
   *
   * @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted
   */
  async recall(jobId: string, signal: AbortSignal, since: Moment = 0): Promise<LoadedJob> {
    return (await this.#memory.recall(jobId, signal, since)) ?? this.load(jobId, signal);
  }

  /** The trace that a job belongs to, be it begun by what is about to be appended. */
  originOf({ revision, origin }: LoadedJob): string | undefined {
    return revision === 'no-stream' ? this.#tracer.origin() : origin;
  }

  /** The log has an event of the job at this revision. */
  noticed(jobId: string, revision: number): void {
    this.#memory.noticed(jobId, revision);
  }

  /**
   * @throws WrongExpectedRevisionError, EventStoreUnavailableError
   * @throws ZodError an event that nobody could read: it would stop all who come upon it, so it is not written
   */
  async append(
    jobId: string,
    expectedRevision: LoadedJob['revision'],
    events: readonly JobEvent[],
    signal: AbortSignal,
  ): Promise<AppendResult> {
    const facts = events.map((event) => jobEventSchema.parse(event));
    const origin = this.#tracer.origin();
    const metadata = origin === undefined ? undefined : { [originName]: origin };
    return this.#memory.append(
      jobId,
      () => appendDurably(this.#store, jobStream(jobId), facts, { expectedRevision, signal, metadata }),
      (before, result, asOf) => {
        const known = expectedRevision === 'no-stream' ? { ...unbegun(), origin } : before;
        return known?.revision === expectedRevision ? continued(known, facts, result, asOf) : undefined;
      },
    );
  }

  /** @throws WrongExpectedRevisionError, EventStoreUnavailableError */
  async delete(jobId: string, revision: number, signal: AbortSignal): Promise<void> {
    await untilAvailable(() => this.#store.delete(jobStream(jobId), { expectedRevision: revision }), signal);
    this.#memory.forget(jobId);
  }
}

/** A job that was admitted here and has no events yet as far as is known. */
export function unbegun(): LoadedJob {
  const nothing = { since: null, position: null, claimedAt: null, origin: undefined };
  return { job: noJob, revision: 'no-stream', ...nothing, asOf: nextMoment(), existedBy: 0 };
}

/** In the metadata of events; the name is that of W3C Trace Context. */
const originName = 'traceparent';

function originOf(first: RecordedEvent | undefined): string | undefined {
  const origin = first?.metadata?.[originName];
  return typeof origin === 'string' ? origin : undefined;
}

function sizeOf({ job }: LoadedJob): number {
  return 'steps' in job ? job.steps.reduce((size, { progress }) => size + progress.length, 1) : 1;
}

function continued(
  known: LoadedJob,
  facts: readonly JobEvent[],
  { revision, position }: AppendResult,
  asOf: Moment,
): LoadedJob {
  return {
    ...known,
    job: facts.reduce(evolve, known.job),
    revision,
    position,
    // A claim comes last in what is appended.
    claimedAt: facts.at(-1)?.type === 'StepStarted' ? position : known.claimedAt,
    asOf,
  };
}
