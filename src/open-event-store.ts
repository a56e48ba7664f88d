import path from 'node:path';
import type { Logger } from './application/logger.js';
import type { Config } from './config.js';
import type { EventStore } from './eventstore/event-store.js';
import { NamespacedEventStore } from './eventstore/namespaced-event-store.js';
import { refuseMoved } from './eventstore/sqlite/moved-file.js';
import { openSqliteEventStore } from './eventstore/sqlite/sqlite-event-store.js';

/**
 * The event store that is configured: EventStoreDB, or a file in DATA_DIR.
 *
 * @throws EventStoreOpenError
 */
export async function openEventStore(
  {
    eventStoreUrl: url,
    eventStoreNamespace: namespace,
    dataDir,
  }: Pick<Config, 'eventStoreUrl' | 'eventStoreNamespace' | 'dataDir'>,
  log: Logger,
): Promise<EventStore> {
  if (url === undefined) {
    const file = sqliteFileIn(dataDir);
    refuseMoved(file);
    return openSqliteEventStore({ file });
  }
  // Loaded where it is used: with what it needs it takes a sixth of the time that a start takes.
  const { openEventStoreDb } = await import('./eventstore/eventstoredb/eventstoredb-event-store.js');
  const store = openEventStoreDb({ url, log });
  return namespace === undefined ? store : new NamespacedEventStore(store, namespace);
}

export function sqliteFileIn(dataDir: string): string {
  return path.join(dataDir, 'events.sqlite');
}
