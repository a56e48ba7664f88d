import type { EventStore, RecordedEvent, SubscribeOptions } from './event-store.js';
import { EventStoreUnavailableError } from './event-store-errors.js';

/**
 * What lies in the log, in the global order; it ends where a subscription would go on with what comes live.
 *
 * @throws UnknownPositionError
 * @throws EventStoreUnavailableError the store was closed before the end
 */
export async function* historyOf(
  store: Pick<EventStore, 'subscribe'>,
  options: Omit<SubscribeOptions, 'signal'>,
): AsyncGenerator<RecordedEvent, void, void> {
  const ended = new AbortController();
  try {
    for await (const item of store.subscribe({ ...options, signal: ended.signal })) {
      if (item.kind === 'caught-up') return;
      yield item.event;
    }
    // Whoever reads must not take a part for the whole.
    throw new EventStoreUnavailableError('The event store was closed.');
  } finally {
    ended.abort();
  }
}
