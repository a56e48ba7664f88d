import path from 'node:path';
import Database from 'better-sqlite3';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { recorded, type EventRow } from '../../src/eventstore/sqlite/event-tables.js';
import { rowAt } from '../../src/eventstore/sqlite/position.js';

const fileIn = (dataDir: string) => path.join(dataDir, 'events.sqlite');

/** From now on, whatever a server drops from the file of its log is put aside in the same breath. */
export function keepWhatIsCut(dataDir: string): void {
  const db = new Database(fileIn(dataDir), { fileMustExist: true });
  try {
    db.exec(`
      CREATE TABLE cut_events AS SELECT * FROM events WHERE false;
      CREATE TRIGGER events_cut BEFORE DELETE ON events
      BEGIN INSERT INTO cut_events SELECT * FROM events WHERE position = old.position; END`);
  } finally {
    db.close();
  }
}

/** All events after a position, also those that were cut since. Opens the file for this moment only. */
export function readKeptLog(dataDir: string, after: string): readonly RecordedEvent[] {
  const db = new Database(fileIn(dataDir), { readonly: true, fileMustExist: true });
  try {
    const rows = db
      .prepare<[number], EventRow>(
        `SELECT e.position, s.name AS stream, e.revision, e.id, e.type, e.data, e.metadata
         FROM (SELECT * FROM events UNION ALL SELECT * FROM cut_events) e JOIN streams s ON s.id = e.stream
         WHERE e.position > ? ORDER BY e.position`,
      )
      .all(after === '' ? 0 : rowAt(after));
    return rows.map(recorded);
  } finally {
    db.close();
  }
}
