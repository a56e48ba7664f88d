import path from 'node:path';
import Database from 'better-sqlite3';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { SqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';

/** The log of a server, to be read from outside while the server runs or after it was killed. */
export function openLogOf(dataDir: string): EventStore {
  const db = new Database(path.join(dataDir, 'events.sqlite'), { readonly: true, fileMustExist: true });
  return new SqliteEventStore(db, () => undefined);
}
