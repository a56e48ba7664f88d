// Read models that hold so many ended jobs, without the log that they would have been made from.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { allProjections } from '../../dist/projections/all-projections.js';
import { ReadDatabase } from '../../dist/projections/read-database.js';
import { endedSync } from './ended-sync.mjs';

/** The projections write one job; in the same transaction SQLite repeats its rows for all others. Returns their ids. */
export function fillReadModels(dataDir, count) {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'read-models.sqlite');
  ReadDatabase.open(file, allProjections).close();
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -500000');
  const model = 'model';
  const ids = Array.from({ length: count }, () => randomUUID());
  db.exec('CREATE TEMP TABLE ids (n INTEGER PRIMARY KEY, id TEXT NOT NULL)');
  const addId = db.prepare('INSERT INTO ids (id) VALUES (?)');
  db.transaction(() => {
    for (const id of ids) addId.run(id);
    writeJob(db, model);
    for (const { tables } of allProjections)
      for (const table of Object.keys(tables)) repeat(db, table, model);
  })();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return ids;
}

function writeJob(db, id) {
  const at = new Date().toISOString();
  const write = (sql, ...params) => db.prepare(sql).run(...params).changes;
  for (const [revision, event] of endedSync.entries()) {
    const source = { id, revision, position: '0'.repeat(16) };
    for (const { on } of allProjections) on[event.type]?.({ v: 1, at, ...event }, source, write);
  }
}

/** The rows of the model, for every other id, and then takes them away. */
function repeat(db, table, model) {
  const columns = db.pragma(`table_info(${table})`).map(({ name }) => name);
  const key = ['job_id', 'id'].find((name) => columns.includes(name));
  const values = columns.map((name) => {
    if (name === key) return 'ids.id';
    return name.endsWith('position') ? "printf('%016d', ids.n)" : `model.${name}`;
  });
  db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ids, ${table} model WHERE model.${key} = ?`,
  ).run(model);
  db.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(model);
}
