import path from 'node:path';
import Database from 'better-sqlite3';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { SqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';

/** The log of a server, read from outside while the server runs or after it was killed. */
export class EventLog {
  readonly #db: Database.Database;
  readonly #store: SqliteEventStore;

  constructor(dataDir: string) {
    this.#db = new Database(path.join(dataDir, 'events.sqlite'), { readonly: true, fileMustExist: true });
    this.#store = new SqliteEventStore(this.#db, () => undefined);
  }

  /** All of it, in order. */
  async read(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    const { signal } = new AbortController();
    for await (const item of this.#store.subscribe({ signal })) {
      if (item.kind === 'caught-up') break;
      events.push(item.event);
    }
    return events;
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}
