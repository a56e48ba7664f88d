import { afterEach } from 'vitest';
import { appendDurably } from '../../src/application/durable-append.js';
import type { AppendResult, EventStore } from '../../src/eventstore/event-store.js';
import type { ConnectionLog } from '../../src/eventstore/eventstoredb/connection.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';

/** Opens stores that are closed after each test. To be called at the top of the file. */
export function eventStoreDbStores(): (url: string, log?: ConnectionLog) => EventStore {
  const stores: EventStore[] = [];
  afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));
  return (url, log) => {
    const store = openEventStoreDb({ url, ...(log && { log }) });
    stores.push(store);
    return store;
  };
}

/** What the application does: the very same append again for as long as its outcome is unknown. */
export function appendNumber(store: EventStore, stream: string, number: number): Promise<AppendResult> {
  const facts = [{ type: 'SomethingHappened', number }];
  const expectedRevision = number === 0 ? 'no-stream' : number - 1;
  return appendDurably(store, stream, facts, { expectedRevision, signal: new AbortController().signal });
}

/** What a user waits for an answer at most. */
const longestWaitMs = 5_000;

/** Rejects when it takes longer than that. */
export function inTime<T>(work: Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(longestWaitMs);
  const tooLate = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () => reject(new Error('It took too long')));
  });
  return Promise.race([work, tooLate]);
}
