import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
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
} from '../event-store.js';
import { EventStoreUnavailableError } from '../event-store-errors.js';
import { CommitSignal } from './commit-signal.js';
import { prepareDatabase } from './database.js';
import { EventTables, recorded } from './event-tables.js';
import { lockFile } from './file-lock.js';
import { GroupCommit, type WriteSize } from './group-commit.js';
import { openError } from './open-error.js';
import { isPosition, rowAt } from './position.js';
import { asUnavailable } from './storage-fault.js';
import { subscription } from './subscription.js';

const smallWrite: WriteSize = { rows: 1, characters: 0 };

/**
 * How long somebody who looks into the file from outside may hold up a write (milliseconds): the event loop
 * stands still meanwhile.
 */
const busyTimeoutMs = 200;

/**
 * Opens the event store in a file, which is made where there is none, its folder too. One process at a time.
 *
 * @throws EventStoreOpenError
 */
export async function openSqliteEventStore({ file }: { readonly file: string }): Promise<EventStore> {
  let unlock: (() => void) | undefined;
  let db: Database.Database | undefined;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    unlock = lockFile(file);
    db = new Database(file, { timeout: busyTimeoutMs });
    prepareDatabase(db);
    return new SqliteEventStore(db, unlock);
  } catch (error) {
    db?.close();
    unlock?.();
    throw openError(error, file);
  }
}

/** The event store in a SQLite file that belongs to this process alone. */
export class SqliteEventStore implements EventStore {
  /** Each write finds out for itself: what kept one from being written may be over by the next. */
  readonly trouble = undefined;
  readonly #db: Database.Database;
  readonly #onClosed: () => void;
  readonly #tables: EventTables;
  readonly #committed = new CommitSignal();
  readonly #writes: GroupCommit;

  /** Over a database that was prepared; see `openSqliteEventStore`. */
  constructor(db: Database.Database, onClosed: () => void) {
    this.#db = db;
    this.#onClosed = onClosed;
    this.#tables = new EventTables(db);
    this.#writes = new GroupCommit(db, () => this.#committed.announce());
  }

  /** @throws RangeError no events */
  async append(
    stream: string,
    events: readonly NewEvent[],
    { expectedRevision }: AppendOptions,
  ): Promise<AppendResult> {
    this.#checkOpen();
    if (events.length === 0) throw new RangeError('An append needs at least one event');
    const serialized = events.map(({ id, type, data, metadata }) => ({
      ...{ id, type, data: JSON.stringify(data) },
      metadata: metadata ? JSON.stringify(metadata) : null,
    }));
    const characters = serialized.reduce((sum, { data }) => sum + data.length, 0);
    return this.#writes.write({ rows: events.length, characters }, () =>
      this.#tables.append(stream, serialized, expectedRevision),
    );
  }

  async read(stream: string, options: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#checkOpen();
    try {
      return this.#tables.read(stream, options).map(recorded);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return subscription(this.#tables, this.#committed, options);
  }

  isPosition(text: string): boolean {
    return isPosition(text);
  }

  async progressAt(position: Position): Promise<number> {
    this.#checkOpen();
    const row = rowAt(position);
    try {
      const end = this.#tables.lastPosition;
      return end > row ? row / end : 1;
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async setMetadata(stream: string, metadata: StreamMetadata): Promise<void> {
    this.#checkOpen();
    await this.#writes.write(smallWrite, () => this.#tables.setMetadata(stream, metadata));
  }

  async delete(stream: string, { expectedRevision }: { readonly expectedRevision: number }): Promise<void> {
    this.#checkOpen();
    await this.#writes.write(smallWrite, () => this.#tables.delete(stream, expectedRevision));
  }

  /** Commits what waits, ends the subscriptions and gives the file back. */
  async close(): Promise<void> {
    if (!this.#db.open) return;
    this.#writes.flush();
    this.#committed.close();
    try {
      this.#db.close();
    } finally {
      this.#onClosed();
    }
  }

  #checkOpen(): void {
    if (!this.#db.open) throw new EventStoreUnavailableError('The event store is closed.');
  }
}
