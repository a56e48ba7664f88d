import type {
  AppendOptions,
  AppendResult,
  EventStore,
  NewEvent,
  ReadOptions,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionItem,
} from './event-store.js';
import { EventStoreUnavailableError } from './event-store-errors.js';
import { untilAvailable } from './until-available.js';

/** How often it is looked whether the store can be used (milliseconds). */
const lookAgainMs = 250;

/**
 * A store for whoever does one thing and ends: where it cannot be used for a while, it is waited for; where it cannot be
 * used for longer, appends, reads and subscriptions alike throw EventStoreUnavailableError.
 */
export class PatientEventStore implements Pick<EventStore, 'append' | 'read' | 'subscribe'> {
  readonly #store: EventStore;
  readonly #patienceMs: number;
  readonly #never = new AbortController().signal;

  constructor(store: EventStore, { patienceMs }: { readonly patienceMs: number }) {
    this.#store = store;
    this.#patienceMs = patienceMs;
  }

  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult> {
    return this.#ask(() => this.#store.append(stream, events, options));
  }

  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    return this.#ask(() => this.#store.read(stream, options));
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem, void, void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([options.signal, ended.signal]);
    let fineAt = performance.now();
    let trouble: string | undefined;
    // It does not fail by itself: it waits for as long as it takes.
    const watch = setInterval(() => {
      if (this.#store.trouble === undefined) fineAt = performance.now();
      else if (performance.now() - fineAt >= this.#patienceMs) {
        trouble = this.#store.trouble;
        ended.abort();
      }
    }, lookAgainMs);
    try {
      yield* this.#store.subscribe({ ...options, signal });
      if (trouble !== undefined) throw new EventStoreUnavailableError(trouble);
    } finally {
      clearInterval(watch);
      ended.abort();
    }
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    return untilAvailable(work, this.#never, this.#patienceMs);
  }
}
