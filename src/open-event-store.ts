import path from 'node:path';
import type { Logger } from './application/logger.js';
import type { EventStore } from './eventstore/event-store.js';
import { openEventStoreDb } from './eventstore/eventstoredb/eventstoredb-event-store.js';
import { openSqliteEventStore } from './eventstore/sqlite/sqlite-event-store.js';

/**
 * The event store that is configured: EventStoreDB, or a file in DATA_DIR.
 *
 * @throws EventStoreOpenError
 */
export async function openEventStore(
  { eventStoreUrl, dataDir }: { readonly eventStoreUrl: string | undefined; readonly dataDir: string },
  log: Logger,
): Promise<EventStore> {
  return eventStoreUrl === undefined
    ? openSqliteEventStore({ file: sqliteFileIn(dataDir) })
    : openEventStoreDb({ url: eventStoreUrl, log });
}

export function sqliteFileIn(dataDir: string): string {
  return path.join(dataDir, 'events.sqlite');
}
