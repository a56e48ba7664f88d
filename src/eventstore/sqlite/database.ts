import type { Database } from 'better-sqlite3';

/** Marks a SQLite file as ours: "ajev". */
const applicationId = 0x616a6576;
const formatVersion = 1;

/**
 * `streams`: a deleted stream keeps its row, so that its revisions are not used again. `revision` is that of the
 * last event ever, -1 before the first; `begins_at` that of the first event since the stream (last) began.
 * `events`: positions are not used again either. Ids are looked up only where no revision says where to look.
 */
const tables = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    begins_at INTEGER NOT NULL DEFAULT 0,
    truncate_before INTEGER NOT NULL DEFAULT 0,
    max_count INTEGER
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    expected_any INTEGER NOT NULL,
    metadata TEXT,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE INDEX events_appended_anywhere ON events (stream, id) WHERE expected_any = 1;
`;

export class ForeignDatabaseError extends Error {
  constructor(readonly reason: 'NEWER' | 'NOT_OURS') {
    super(reason);
    this.name = 'ForeignDatabaseError';
  }
}

/**
 * Makes an open database durable and sees to it that it has our tables. Leaves alone what is not ours.
 *
 * @throws ForeignDatabaseError, SqliteError
 */
export function prepareDatabase(db: Database): void {
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!isEmpty) checkIsOurs(db);
  db.pragma('journal_mode = WAL');
  // better-sqlite3 opens WAL databases at NORMAL, where a power failure takes away what was acknowledged.
  db.pragma('synchronous = FULL');
  db.transaction(() => {
    if (isEmpty) db.exec(tables);
    else addMetadata(db);
    db.pragma(`application_id = ${applicationId}`);
    // Written each time, so that a file that can't be written, or a full disk, is noticed here.
    db.pragma(`user_version = ${formatVersion}`);
  }).immediate();
}

/** To a file from before there were metadata. Older versions do not mind the column, so its format stays the same. */
function addMetadata(db: Database): void {
  const columns = db.prepare("SELECT name FROM pragma_table_info('events')").pluck().all();
  if (!columns.includes('metadata')) db.exec('ALTER TABLE events ADD COLUMN metadata TEXT');
}

/** @throws ForeignDatabaseError */
export function checkIsOurs(db: Database): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    throw new ForeignDatabaseError('NOT_OURS');
  }
  if (Number(db.pragma('user_version', { simple: true })) > formatVersion) {
    throw new ForeignDatabaseError('NEWER');
  }
}
