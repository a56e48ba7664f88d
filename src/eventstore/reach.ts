import type { EventStore } from './event-store.js';

/**
 * Resolves when the store answers.
 *
 * @throws EventStoreUnavailableError
 * @throws EventStoreOpenError it refuses whoever asks
 */
export async function reach(store: Pick<EventStore, 'read'>): Promise<void> {
  // Any stream will do, one that does not exist, too.
  await store.read('reach', { limit: 1 });
}
