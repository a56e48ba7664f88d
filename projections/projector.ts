import { jobEventSchema } from '../src/domain/job-events.js';
import { laneEventSchema } from '../src/domain/lane-events.js';
import { jobIdOf, jobPrefix, budgetIdOf, lanePrefix } from '../src/domain/streams.js';
import type { EventStore, Position, RecordedEvent, SubscriptionItem } from '../src/eventstore/event-store.js';
import { UnknownPositionError } from '../src/eventstore/event-store-errors.js';
import { parseEvent } from '../src/eventstore/malformed-event-error.js';
import { inBatches } from './in-batches.js';
import type { DomainEvent, Projection, Source } from './projection.js';
import type { ReadDatabase } from './read-database.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  readonly database: ReadDatabase;
  readonly projections: readonly Projection[];
  /** Called after each commit, at once: what is told is what queries show. */
  readonly onCommitted: (changes: Changes) => void;
  /** Called where an event could not be read or applied. */
  readonly onFailed?: (error: Error) => void;
}

export interface Changes {
  /** Each once, in the order of its last event. */
  readonly jobIds: readonly string[];
  readonly budgetIds: readonly string[];
}

export type ProjectorState =
  | { readonly status: 'STOPPED' }
  /** Not all of what was in the log at the start has been applied. */
  | { readonly status: 'CATCHING_UP' }
  | { readonly status: 'LIVE' }
  /** An event could not be read or applied; nothing is applied any longer. */
  | { readonly status: 'FAILED'; readonly error: Error };

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const batchSize = 500;

/**
 * Applies the log to the read models, each event once: rows and checkpoints commit together. Every
 * projection has a checkpoint of its own, so that a new one catches up while the others stay as they are.
 */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #stopping = new AbortController();
  readonly #checkpoints: Map<Projection, Position>;
  #state: ProjectorState = { status: 'STOPPED' };
  #waiters: readonly Waiter[] = [];
  #work: Promise<void> = Promise.resolve();
  readonly #whenLive = deferred();

  constructor(options: ProjectorOptions) {
    this.#options = options;
    const { database, projections } = options;
    this.#checkpoints = new Map(
      projections.map((projection) => [projection, database.checkpoint(projection.name)]),
    );
    // Whoever waits for it hears of it; nobody has to.
    this.#whenLive.promise.catch(() => undefined);
  }

  get state(): ProjectorState {
    return this.#state;
  }

  /** How far all projections have come. */
  get position(): Position {
    return [...this.#checkpoints.values()].reduce((least, each) => (each < least ? each : least));
  }

  /** Whether a text has the form of a position of the log, however far that has come. */
  isPosition(text: string): boolean {
    return this.#options.store.isPosition(text);
  }

  /** Resolves when all that was in the log at the start is applied; rejects where that fails. */
  start(): Promise<void> {
    this.#state = { status: 'CATCHING_UP' };
    this.#work = this.#follow().catch((error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error('The read side failed', { cause: error }));
    });
    return this.#whenLive.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
    const stopped = new Error('The read side has stopped');
    if (this.#state.status !== 'FAILED') this.#state = { status: 'STOPPED' };
    this.#whenLive.reject(stopped);
    this.#rejectWaiters(stopped);
  }

  /**
   * Resolves once queries show everything up to this position; rejects where the read side has stopped, or
   * with the signal's reason.
   */
  caughtUpTo(position: Position, signal?: AbortSignal): Promise<void> {
    if (position <= this.position) return Promise.resolve();
    if (this.#state.status === 'FAILED') return Promise.reject(this.#state.error);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter);
        reject(signal?.reason as Error);
      };
      const forgetSignal = () => signal?.removeEventListener('abort', giveUp);
      const waiter = {
        position,
        resolve: () => {
          forgetSignal();
          resolve();
        },
        reject: (error: Error) => {
          forgetSignal();
          reject(error);
        },
      };
      signal?.addEventListener('abort', giveUp);
      this.#waiters = [...this.#waiters, waiter];
      if (signal?.aborted) giveUp();
    });
  }

  async #follow(): Promise<void> {
    try {
      await this.#applyWhatFollows();
    } catch (error) {
      if (!(error instanceof UnknownPositionError)) throw error;
      // The log was restored from an older copy, or replaced: what was read of the other one does not hold.
      this.#beginAnew();
      await this.#applyWhatFollows();
    }
  }

  #beginAnew(): void {
    for (const projection of this.#options.projections) {
      this.#options.database.reset(projection);
      this.#checkpoints.set(projection, '');
    }
  }

  async #applyWhatFollows(): Promise<void> {
    const ended = new AbortController();
    const items = this.#options.store.subscribe({
      after: this.position === '' ? undefined : this.position,
      streamPrefixes: [jobPrefix, lanePrefix],
      signal: AbortSignal.any([this.#stopping.signal, ended.signal]),
    });
    for await (const batch of inBatches(items, batchSize)) {
      try {
        this.#applyAll(batch);
      } catch (error) {
        // The source may be waiting for what comes next; leaving it would wait for that, too.
        ended.abort();
        throw error;
      }
    }
  }

  #applyAll(batch: readonly SubscriptionItem[]): void {
    const events = batch.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
    const last = events.at(-1);
    if (last) {
      const { database } = this.#options;
      database.transaction(() => {
        for (const event of events) this.#apply(event);
        for (const [projection, checkpoint] of this.#checkpoints) {
          if (checkpoint < last.position) database.saveCheckpoint(projection.name, last.position);
        }
      });
      for (const [projection, checkpoint] of this.#checkpoints) {
        if (checkpoint < last.position) this.#checkpoints.set(projection, last.position);
      }
      this.#options.onCommitted(changesOf(events));
      this.#resolveWaiters();
    }
    if (batch.some(({ kind }) => kind === 'caught-up') && this.#state.status === 'CATCHING_UP') {
      this.#state = { status: 'LIVE' };
      this.#whenLive.resolve();
    }
  }

  #apply(recorded: RecordedEvent): void {
    const { event, id } = parsed(recorded);
    const { revision, position } = recorded;
    const { database } = this.#options;
    for (const [{ on }, checkpoint] of this.#checkpoints) {
      if (position <= checkpoint) continue;
      // The handler is the one for this very type of event.
      const handle = on[event.type] as
        ((event: DomainEvent, source: Source, write: typeof database.run) => void) | undefined;
      handle?.(event, { id, revision, position }, (sql, ...params) => database.run(sql, ...params));
    }
  }

  #fail(error: Error): void {
    if (this.#stopping.signal.aborted) return;
    this.#state = { status: 'FAILED', error };
    this.#options.onFailed?.(error);
    this.#whenLive.reject(error);
    this.#rejectWaiters(error);
  }

  #resolveWaiters(): void {
    const { position } = this;
    const due = this.#waiters.filter((waiter) => waiter.position <= position);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.position > position);
    for (const waiter of due) waiter.resolve();
  }

  #rejectWaiters(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}

function deferred() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** @throws MalformedEventError */
function parsed(recorded: RecordedEvent): { readonly event: DomainEvent; readonly id: string } {
  return recorded.stream.startsWith(jobPrefix)
    ? { event: parseEvent(jobEventSchema, recorded), id: jobIdOf(recorded.stream) }
    : { event: parseEvent(laneEventSchema, recorded), id: budgetIdOf(recorded.stream) };
}

function changesOf(events: readonly RecordedEvent[]): Changes {
  const streams = [...new Set(events.map(({ stream }) => stream).reverse())].reverse();
  return {
    jobIds: streams.filter((stream) => stream.startsWith(jobPrefix)).map(jobIdOf),
    budgetIds: streams.filter((stream) => stream.startsWith(lanePrefix)).map(budgetIdOf),
  };
}
