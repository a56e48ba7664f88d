import type {
  AppendOptions,
  AppendResult,
  EventStore,
  NewEvent,
  Position,
  ReadOptions,
  RecordedEvent,
  StreamMetadata,
  SubscribeOptions,
  SubscriptionItem,
} from './event-store.js';
import { EventStoreUnavailableError, WrongExpectedRevisionError } from './event-store-errors.js';

/** Told of what is done with a store. Must not throw. */
export interface EventStoreObserver {
  /** How long an answer took, or, where none came, the wait for it. */
  answered(operation: StoreOperation, outcome: StoreOutcome, durationMs: number): void;
  /** An append was acknowledged. */
  appended(stream: string, position: Position): void;
}

export const storeOperations = ['append', 'read'] as const;
type StoreOperation = (typeof storeOperations)[number];

/** `conflict`: somebody else appended first. `unavailable`: the store could not be reached or could not write. */
export const storeOutcomes = ['ok', 'conflict', 'unavailable', 'failed'] as const;
type StoreOutcome = (typeof storeOutcomes)[number];

/** Another event store, watched by somebody. */
export class ObservedEventStore implements EventStore {
  readonly #store: EventStore;
  readonly #observer: EventStoreObserver;

  constructor(store: EventStore, observer: EventStoreObserver) {
    this.#store = store;
    this.#observer = observer;
  }

  get trouble(): string | undefined {
    return this.#store.trouble;
  }

  async append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult> {
    const result = await this.#timed('append', () => this.#store.append(stream, events, options));
    this.#observer.appended(stream, result.position);
    return result;
  }

  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    return this.#timed('read', () => this.#store.read(stream, options));
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return this.#store.subscribe(options);
  }

  isPosition(text: string): boolean {
    return this.#store.isPosition(text);
  }

  progressAt(position: Position): Promise<number> {
    return this.#store.progressAt(position);
  }

  setMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    return this.#store.setMetadata(stream, metadata);
  }

  delete(stream: string, options: { readonly expectedRevision: number }): Promise<void> {
    return this.#store.delete(stream, options);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #timed<T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> {
    const begunAt = performance.now();
    let outcome: StoreOutcome = 'ok';
    try {
      return await work();
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      this.#observer.answered(operation, outcome, performance.now() - begunAt);
    }
  }
}

function outcomeOf(error: unknown): StoreOutcome {
  if (error instanceof WrongExpectedRevisionError) return 'conflict';
  return error instanceof EventStoreUnavailableError ? 'unavailable' : 'failed';
}
