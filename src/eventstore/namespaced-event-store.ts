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
import {
  AppendTooLargeError,
  StreamTombstonedError,
  WrongExpectedRevisionError,
} from './event-store-errors.js';

/** A part of another event store: the streams whose names begin with a namespace and a dot, without those. */
export class NamespacedEventStore implements EventStore {
  readonly #store: EventStore;
  readonly #prefix: string;

  constructor(store: EventStore, namespace: string) {
    this.#store = store;
    this.#prefix = `${namespace}.`;
  }

  get trouble(): string | undefined {
    return this.#store.trouble;
  }

  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult> {
    return toldOf(stream, this.#store.append(this.#prefix + stream, events, options));
  }

  async read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    return (await this.#store.read(this.#prefix + stream, options)).map(this.#withoutPrefix);
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem, void, void> {
    const { streamPrefixes = [''] } = options;
    const prefixes = streamPrefixes.map((prefix) => this.#prefix + prefix);
    for await (const item of this.#store.subscribe({ ...options, streamPrefixes: prefixes })) {
      yield item.kind === 'event' ? { ...item, event: this.#withoutPrefix(item.event) } : item;
    }
  }

  progressAt(position: Position): Promise<number> {
    return this.#store.progressAt(position);
  }

  isPosition(text: string): boolean {
    return this.#store.isPosition(text);
  }

  setMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    return this.#store.setMetadata(this.#prefix + stream, metadata);
  }

  delete(stream: string, options: { readonly expectedRevision: number }): Promise<void> {
    return toldOf(stream, this.#store.delete(this.#prefix + stream, options));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  readonly #withoutPrefix = (event: RecordedEvent): RecordedEvent => ({
    ...event,
    stream: event.stream.slice(this.#prefix.length),
  });
}

/** Errors name the stream as the caller does. */
async function toldOf<T>(stream: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WrongExpectedRevisionError) {
      throw new WrongExpectedRevisionError(stream, error.expectedRevision);
    }
    if (error instanceof StreamTombstonedError) throw new StreamTombstonedError(stream);
    if (error instanceof AppendTooLargeError) throw new AppendTooLargeError(stream, error.limitBytes);
    throw error;
  }
}
