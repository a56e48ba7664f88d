/**
 * The port to a store of append-only streams with one global order. It knows nothing of jobs. Adapters:
 * `sqlite/`, `eventstoredb/`. All of them pass the same contract suite, `test/contract/event-store-contract.ts`.
 */
export interface EventStore {
  /**
   * Appends all events or none, and resolves once they are durable.
   *
   * Repeating the very same append (same stream, same ids, same expectation) is harmless and answers as the
   * first time. Event ids must be random: a store may answer "appended" to a known id whose data differ, or
   * whose event was deleted, and store nothing. Who may have to repeat an append expects something: a store
   * may forget sooner or later what was appended under `'any'`.
   *
   * @throws WrongExpectedRevisionError nothing was appended
   * @throws AppendTooLargeError nothing was appended; not every store has a limit, and none has less than 1 MiB of
   *   payloads and metadata (UTF-8) and types
   * @throws StreamTombstonedError nothing was appended, and never will be; only where other programs use the store, too
   * @throws EventStoreUnavailableError **the outcome is unknown**: repeat the same append, with the same ids
   */
  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult>;

  /**
   * Reads a page of one stream. A stream that does not exist, was deleted in whatever way, or whose events were all
   * cut reads as empty.
   *
   * @throws EventStoreUnavailableError
   */
  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]>;

  /**
   * All events of all streams that match `filter`, in the global order: first those after `after` (or from
   * the beginning), then a `caught-up` mark, then live. Each event once. Reading at the consumer's pace; ends
   * without an error when `signal` is aborted. May deliver an event before its append was acknowledged. Where
   * the connection is lost, or was never there, it waits, and goes on where it was.
   *
   * @throws UnknownPositionError while iterating: `after` is not a position of this log
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem>;

  /**
   * Why the store cannot be used at present, in a sentence for whoever runs it; undefined where nothing is known to
   * be wrong.
   */
  readonly trouble: string | undefined;

  /** Whether a text has the form of this store's positions, however far the log has come; needs no connection. */
  isPosition(text: string): boolean;

  /**
   * How much of the log lies before what follows this position: from 0 to 1, 1 where nothing follows. For people who
   * wait: positions are not evenly spaced.
   *
   * @throws UnknownPositionError it has not the form of a position
   * @throws EventStoreUnavailableError
   */
  progressAt(position: Position): Promise<number>;

  /**
   * Replaces the stream's metadata. What is gone stays gone. A stream that was deleted is left as it is.
   *
   * @throws EventStoreUnavailableError
   */
  setMetadata(stream: string, metadata: StreamMetadata): Promise<void>;

  /**
   * Deletes a stream that is at this revision, so that what was appended meanwhile, or begun anew under the
   * same name, is not lost. Deleting a stream that is gone already is harmless. Revisions are not used again.
   *
   * @throws WrongExpectedRevisionError, EventStoreUnavailableError
   */
  delete(stream: string, options: { readonly expectedRevision: number }): Promise<void>;

  close(): Promise<void>;
}

/** What can be stored as the payload of an event. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface NewEvent {
  /** A random UUID, drawn once for a decision. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  /** What accompanies the event and is no part of it: nobody decides by it, and it may be lost. */
  readonly metadata?: JsonObject | undefined;
}

export interface RecordedEvent extends Omit<NewEvent, 'data'> {
  /** Undefined where it is not a JSON object: another program wrote it, and nobody here can read it. */
  readonly data: JsonObject | undefined;
  readonly stream: string;
  /** Counts from 0 within the stream. */
  readonly revision: number;
  /** Opaque; compare as text. Ordered as the global log is, on every server alike. */
  readonly position: Position;
}

/** Opaque and totally ordered: compare as text. */
export type Position = string;

/** `'no-stream'`: the stream must not exist (or be deleted). `'any'`: no expectation. */
export type ExpectedRevision = number | 'no-stream' | 'any';

export interface AppendOptions {
  readonly expectedRevision: ExpectedRevision;
}

export interface AppendResult {
  /** Revision of the last appended event. */
  readonly revision: number;
  /** Position of the last appended event. */
  readonly position: Position;
}

export interface ReadOptions {
  /** Where to begin, inclusive; the default is the stream's beginning, or its end when reading backwards. */
  readonly fromRevision?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** At most this many events; the default is all. */
  readonly limit?: number;
}

export interface SubscribeOptions {
  /** Begin after this position; absent: with the first event. */
  readonly after?: Position | undefined;
  /** Only events of streams whose name begins with one of these. */
  readonly streamPrefixes?: readonly string[];
  /** Called when nothing is delivered for now: the connection was lost, or is not there yet. May be called again. */
  readonly onLost?: () => void;
  /**
   * Called after each gap, before what follows is delivered: who comes back may hold another log. Where it rejects, the
   * subscription ends with that error.
   */
  readonly onGap?: () => Promise<void>;
  readonly signal: AbortSignal;
}

export type SubscriptionItem =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** All that was in the log when the subscription looked has been delivered. Comes again after each gap. */
  | { readonly kind: 'caught-up' };

export interface StreamMetadata {
  /** Only the last so many events are kept. */
  readonly maxCount?: number;
  /** Events with a smaller revision are gone. */
  readonly truncateBefore?: number;
}
