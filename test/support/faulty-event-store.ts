import { once } from 'node:events';
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
} from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';

/** How an append goes; `append` is the real one. */
export type Course = (append: () => Promise<AppendResult>) => Promise<AppendResult>;

/** The store did not append, and could not say so. */
export const lost: Course = () => Promise.reject(new EventStoreUnavailableError('The connection was lost'));

/** The store did append, and could not say so. */
export const landedUnnoticed: Course = async (append) => {
  await append();
  throw new EventStoreUnavailableError('The connection was lost');
};

/** Something happens just before the append. */
export const after =
  (before: () => Promise<unknown>): Course =>
  async (append) => {
    await before();
    return append();
  };

/** Holds somebody up until it is opened. */
export class Gate {
  #open: () => void = () => undefined;
  #reach: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));
  /** Resolves when somebody stands before it. */
  readonly reached = new Promise<void>((resolve) => (this.#reach = resolve));

  open(): void {
    this.#open();
  }

  pass(): Promise<void> {
    this.#reach();
    return this.#opened;
  }

  /** The append is slow. */
  readonly beforeAppend: Course = async (append) => {
    await this.pass();
    return append();
  };

  /** What was appended can be seen before whoever appended it hears of it. */
  readonly beforeAcknowledgement: Course = async (append) => {
    const result = await append();
    await this.pass();
    return result;
  };
}

/** A real event store, in front of which something goes wrong when a test says so. */
export class FaultyEventStore implements EventStore {
  readonly #store: EventStore;
  #courses: { readonly type: string; readonly course: Course }[] = [];
  #isCutOff = false;
  #cutOffAt: string | undefined;
  /** How often it could not be reached. */
  refused = 0;
  #holdUp: { readonly events: number; readonly gate: Gate } | undefined;
  /** All that somebody tried to append, repeats included. */
  readonly tried: { readonly stream: string; readonly types: string[]; readonly ids: string[] }[] = [];

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** The next append of an event of this type goes this way; any later one as usual. */
  onAppendOf(type: string, course: Course): void {
    this.#courses.push({ type, course });
  }

  /** From now on subscriptions stand before the gate that is returned after so many events. */
  holdUpAfter(events: number): Gate {
    this.#holdUp = { events, gate: new Gate() };
    return this.#holdUp.gate;
  }

  /** From now on nothing can be read or written. */
  cutOff(): void {
    this.#isCutOff = true;
  }

  /** From when such a stream is to be read nothing can be read or written. */
  cutOffAtReadOf(streamPrefix: string): void {
    this.#cutOffAt = streamPrefix;
  }

  reconnect(): void {
    this.#cutOffAt = undefined;
    this.#isCutOff = false;
  }

  async append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult> {
    this.#checkConnection();
    this.tried.push({ stream, types: events.map(({ type }) => type), ids: events.map(({ id }) => id) });
    const index = this.#courses.findIndex(({ type }) => events.some((event) => event.type === type));
    const [rule] = index < 0 ? [] : this.#courses.splice(index, 1);
    const append = () => this.#store.append(stream, events, options);
    return rule ? rule.course(append) : append();
  }

  async read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    if (this.#cutOffAt !== undefined && stream.startsWith(this.#cutOffAt)) this.cutOff();
    this.#checkConnection();
    return this.#store.read(stream, options);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    const items = this.#store.subscribe(options);
    return this.#holdUp ? heldUp(items, { ...this.#holdUp, signal: options.signal }) : items;
  }

  get trouble(): string | undefined {
    return this.#isCutOff ? 'There is no connection' : this.#store.trouble;
  }

  isPosition(text: string): boolean {
    return this.#store.isPosition(text);
  }

  async progressAt(position: Position): Promise<number> {
    this.#checkConnection();
    return this.#store.progressAt(position);
  }

  async setMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    this.#checkConnection();
    return this.#store.setMetadata(stream, metadata);
  }

  async delete(stream: string, options: { readonly expectedRevision: number }): Promise<void> {
    this.#checkConnection();
    return this.#store.delete(stream, options);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #checkConnection(): void {
    if (!this.#isCutOff) return;
    this.refused += 1;
    throw new EventStoreUnavailableError('There is no connection');
  }
}

async function* heldUp(
  items: AsyncIterable<SubscriptionItem>,
  { events, gate, signal }: { readonly events: number; readonly gate: Gate; readonly signal: AbortSignal },
): AsyncGenerator<SubscriptionItem, void, void> {
  let left = events;
  for await (const item of items) {
    if (left-- === 0) await Promise.race([gate.pass(), once(signal, 'abort')]);
    if (signal.aborted) return;
    yield item;
  }
}
