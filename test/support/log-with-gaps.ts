import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  EventStore,
  ReadOptions,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionItem,
} from '../../src/eventstore/event-store.js';

/** A log that is followed over a connection which is lost when a test says so. */
export class LogWithGaps implements Pick<EventStore, 'subscribe' | 'read' | 'isPosition'> {
  #store: EventStore;
  #lose: () => void = () => undefined;
  #caughtUp: () => void = () => undefined;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /**
   * The connection is lost, and there again at once: to the same store, or to the one that is there instead. Resolves
   * when whoever follows it has taken what it missed, never where that is refused.
   */
  loseConnection(storeAfterwards = this.#store): Promise<void> {
    const caughtUp = new Promise<void>((resolve) => (this.#caughtUp = resolve));
    this.#store = storeAfterwards;
    this.#lose();
    return caughtUp;
  }

  isPosition(text: string): boolean {
    return this.#store.isPosition(text);
  }

  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]> {
    return this.#store.read(stream, options);
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem, void, void> {
    let { after } = options;
    const hasEnded = () => options.signal.aborted;
    while (!hasEnded()) {
      const lost = new AbortController();
      this.#lose = () => lost.abort();
      const signal = AbortSignal.any([options.signal, lost.signal]);
      for await (const item of this.#store.subscribe({ ...options, after, signal })) {
        if (item.kind === 'event') after = item.event.position;
        yield item;
        if (item.kind === 'caught-up') this.#caughtUp();
      }
      if (!hasEnded()) options.onLost?.();
      // Nobody is back in the same turn.
      await nextTurn();
      if (!hasEnded()) await options.onGap?.();
    }
  }
}
