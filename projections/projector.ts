import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { EventStore, Position, RecordedEvent, SubscriptionItem } from '../src/eventstore/event-store.js';
import { UnknownPositionError } from '../src/eventstore/event-store-errors.js';
import { MalformedEventError } from '../src/eventstore/malformed-event-error.js';
import { deferred } from './deferred.js';
import { handlersByType, type Handler } from './handlers.js';
import { inBatches } from './in-batches.js';
import { Landmarks, type Likeness } from './landmarks.js';
import { OtherLogError } from './other-log-error.js';
import { PositionWaiters } from './position-waiters.js';
import { parseDomainEvent } from './parse-domain-event.js';
import type { Projection, Write } from './projection.js';
import type { ReadDatabase } from './read-database.js';
import { isKept, untilRemoved } from './until-removed.js';
import { UncommittedChanges, type Changes } from './uncommitted-changes.js';
import { asUnwritable, type UnwritableReadModelsError } from './unwritable-read-models-error.js';

export interface ProjectorOptions {
  readonly store: Pick<EventStore, 'subscribe' | 'read' | 'isPosition'>;
  readonly database: ReadDatabase;
  readonly projections: readonly Projection[];
  /** Called after each commit, at once: what is told is what queries show. */
  readonly onCommitted: (changes: Changes) => void;
  /**
   * Called where nothing is applied, be it for a while: an event cannot be read or applied, rows cannot be written, or the
   * log was replaced.
   */
  readonly onFailed?: (error: Error) => void;
  /** What becomes of it where an event cannot be read: it goes on when somebody has removed it, or never. */
  readonly onUnreadable?: 'WAIT' | 'FAIL';
  /** Called where an event cannot be read, and was removed from its stream. */
  readonly onIgnored?: (error: MalformedEventError) => void;
  /** What becomes of read models that were made from another log, found out at the start. */
  readonly onOtherLog?: 'BEGIN_ANEW' | 'FAIL';
}

export type ProjectorState =
  | { readonly status: 'STOPPED' }
  /** Not all of what was in the log at the start has been applied. */
  | { readonly status: 'CATCHING_UP' }
  | { readonly status: 'LIVE' }
  /** An event could not be read or applied; nothing is applied any longer, or until it is removed. */
  | { readonly status: 'FAILED'; readonly error: Error };

/** Whoever answers after a gap may be another node, which is a little behind. */
const looksAfterAGap = 4;
const lookAgainMs = 1_000;

/** So many events are held in memory, and applied in one turn of the event loop. */
const batchSize = 500;

/** How often it is tried whether read models can be written again. */
const writeAgainMs = 1_000;

/** So many events share a commit while the read side catches up: most of what one writes, the next writes again. */
const eventsACommit = 10_000;

/**
 * Applies the log to the read models, each event once: rows and checkpoints commit together. Every
 * projection has a checkpoint of its own, so that a new one catches up while the others stay as they are.
 */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #stopping = new AbortController();
  readonly #checkpoints: Map<Projection, Position>;
  readonly #handlers: ReadonlyMap<string, readonly Handler[]>;
  readonly #write: Write;
  #state: ProjectorState = { status: 'STOPPED' };
  #hasBeenLive = false;
  /** Milliseconds of the process's own clock; undefined while all of the log is applied. */
  #behindSince: number | undefined;
  readonly #waiters = new PositionWaiters();
  readonly #uncommitted = new UncommittedChanges();
  readonly #landmarks: Landmarks;
  /** Positions of events that nobody can read and that are in no stream any longer. */
  readonly #ignored = new Set<Position>();
  #work: Promise<void> = Promise.resolve();
  readonly #whenLive = deferred();

  constructor(options: ProjectorOptions) {
    this.#options = options;
    const { database, projections } = options;
    this.#checkpoints = new Map(
      projections.map((projection) => [projection, database.checkpoint(projection.name)]),
    );
    this.#handlers = handlersByType(projections);
    this.#landmarks = new Landmarks(database);
    // All landmarks are looked for at the same time.
    setMaxListeners(0, this.#stopping.signal);
    this.#write = (sql, ...params) => database.run(sql, ...params);
    // Whoever waits for it hears of it; nobody has to.
    this.#whenLive.promise.catch(() => undefined);
  }

  get state(): ProjectorState {
    return this.#state;
  }

  /** Whether all that was in the log at the start was applied at some time since. */
  get hasBeenLive(): boolean {
    return this.#hasBeenLive;
  }

  /** For how long there may be something in the log that is not applied, as far as this process knows; 0: there is not. */
  get behindMs(): number {
    return this.#behindSince === undefined ? 0 : performance.now() - this.#behindSince;
  }

  /** How far each projection has come, by name. */
  get checkpoints(): ReadonlyMap<string, Position> {
    return new Map([...this.#checkpoints].map(([{ name }, position]) => [name, position]));
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
    this.#fallBehind();
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
    this.#waiters.rejectAll(stopped);
  }

  /**
   * Resolves once queries show everything up to this position; rejects where the read side has stopped, or
   * with the signal's reason.
   */
  caughtUpTo(position: Position, signal?: AbortSignal): Promise<void> {
    if (position <= this.position) return Promise.resolve();
    if (this.#state.status === 'FAILED') return Promise.reject(this.#state.error);
    return this.#waiters.add(position, signal);
  }

  async #follow(): Promise<void> {
    try {
      await this.#checkLog();
      await this.#applyWhatCanBeRead();
    } catch (error) {
      if (!(error instanceof UnknownPositionError)) throw error;
      // What was decided here rests on the other log, too, not only what is shown.
      if (this.#hasBeenLive) throw new OtherLogError('REPLACED');
      if (this.#options.onOtherLog === 'FAIL') throw new OtherLogError('MADE_FROM_ANOTHER');
      this.#beginAnew();
      await this.#applyWhatCanBeRead();
    }
  }

  /** Nothing is skipped that a stream still holds, and nothing given up that may pass. */
  async #applyWhatCanBeRead(): Promise<void> {
    for (;;) {
      try {
        await this.#applyWhatFollows();
        return;
      } catch (error) {
        const unwritable = asUnwritable(error);
        if (unwritable) await this.#pauseBeforeWriting(unwritable);
        else if (error instanceof MalformedEventError) await this.#untilIgnored(error);
        else throw error;
      }
    }
  }

  /** It is tried by applying what follows: whoever can write a little may not be able to write more. */
  async #pauseBeforeWriting(error: UnwritableReadModelsError): Promise<void> {
    if (this.#state.status !== 'FAILED') this.#say(error);
    await pause(writeAgainMs, undefined, { signal: this.#stopping.signal });
    // Nobody was told of gaps meanwhile.
    await this.#checkLogAfterAGap();
  }

  async #untilIgnored(error: MalformedEventError): Promise<void> {
    const { store, onUnreadable, onIgnored } = this.#options;
    if (await isKept(store, error.event).catch(() => true)) {
      if (onUnreadable !== 'WAIT') throw error;
      this.#say(error);
      await untilRemoved(store, error.event, this.#stopping.signal);
      this.#landmarks.forget(error.event.stream);
      // Nobody was told of gaps meanwhile.
      await this.#checkLogAfterAGap();
      this.#state = { status: 'CATCHING_UP' };
    }
    this.#ignored.add(error.event.position);
    onIgnored?.(error);
  }

  /** @throws UnknownPositionError nothing says that the log is the one that was applied */
  async #checkLog(): Promise<void> {
    const last = [...this.#checkpoints.values()].reduce((most, each) => (each > most ? each : most));
    if (last !== '' && (await this.#likeness()) !== 'SAME') throw new UnknownPositionError(last);
  }

  /** @throws UnknownPositionError the log was restored from an older copy, or is another one */
  async #checkLogAfterAGap(): Promise<void> {
    // By the last of what came before the gap it is known best.
    this.#commit();
    for (let look = 1; (await this.#likeness()) === 'OTHER'; look++) {
      if (look >= looksAfterAGap) throw new UnknownPositionError(this.position);
      await pause(lookAgainMs, undefined, { signal: this.#stopping.signal });
    }
  }

  #likeness(): Promise<Likeness> {
    return this.#landmarks.likenessOf(this.#options.store, this.#stopping.signal);
  }

  #beginAnew(): void {
    this.#landmarks.clear();
    // Others stand at these positions there.
    this.#ignored.clear();
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
      onLost: () => this.#fallBehind(),
      onGap: () => this.#checkLogAfterAGap(),
      signal: AbortSignal.any([this.#stopping.signal, ended.signal]),
    });
    try {
      for await (const batch of inBatches(items, batchSize)) {
        try {
          this.#applyAll(batch);
        } catch (error) {
          // The source may be waiting for what comes next; leaving it would wait for that, too.
          ended.abort();
          throw error;
        }
      }
      this.#commit();
    } catch (error) {
      // What comes before it was applied whole, and need not be read again.
      if (error instanceof MalformedEventError) this.#commit();
      throw error;
    } finally {
      this.#rollBack();
    }
  }

  /** Queries may show what is not committed yet: it follows from the log, and so comes again after a kill. */
  #applyAll(batch: readonly SubscriptionItem[]): void {
    const isCaughtUp = batch.some(({ kind }) => kind === 'caught-up');
    for (const item of batch) if (item.kind === 'event') this.#apply(item.event);
    const isDue = this.#state.status === 'LIVE' || this.#uncommitted.events >= eventsACommit;
    if (isCaughtUp || isDue) this.#commit();
    if (isCaughtUp) this.#behindSince = undefined;
    if (isCaughtUp && this.#state.status !== 'LIVE') {
      this.#state = { status: 'LIVE' };
      this.#hasBeenLive = true;
      this.#whenLive.resolve();
    }
  }

  #apply(recorded: RecordedEvent): void {
    const { revision, position } = recorded;
    const { database } = this.#options;
    const known = this.#ignored.has(position) ? undefined : parseDomainEvent(recorded);
    if (this.#uncommitted.events === 0) database.begin();
    if (!known) {
      this.#uncommitted.passBy(recorded);
      return;
    }
    const { event, id } = known;
    this.#uncommitted.add(recorded);
    const source = { id, revision, position };
    for (const { projection, handle } of this.#handlers.get(event.type) ?? []) {
      if (position > (this.#checkpoints.get(projection) ?? '')) handle(event, source, this.#write);
    }
  }

  #commit(): void {
    const { database, onCommitted } = this.#options;
    const { events, position, landmarks } = this.#uncommitted;
    if (events === 0) return;
    const behind = [...this.#checkpoints].filter(([, checkpoint]) => checkpoint < position);
    for (const [{ name }] of behind) database.saveCheckpoint(name, position);
    this.#landmarks.save(landmarks);
    database.commit();
    if (this.#state.status === 'FAILED') this.#state = { status: 'CATCHING_UP' };
    for (const [projection] of behind) this.#checkpoints.set(projection, position);
    onCommitted(this.#uncommitted.take());
    this.#waiters.resolveUpTo(this.position);
  }

  #fallBehind(): void {
    this.#behindSince ??= performance.now();
  }

  #rollBack(): void {
    this.#options.database.rollBack();
    this.#uncommitted.take();
  }

  #fail(error: Error): void {
    if (this.#stopping.signal.aborted) return;
    this.#say(error);
    this.#whenLive.reject(error);
  }

  /** Nobody waits for what may never come. */
  #say(error: Error): void {
    this.#fallBehind();
    this.#state = { status: 'FAILED', error };
    this.#options.onFailed?.(error);
    this.#waiters.rejectAll(error);
  }
}
