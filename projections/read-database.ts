import { copyFileSync, existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Position } from '../src/eventstore/event-store.js';
import { DamagedReadModelsError } from './damaged-read-models-error.js';
import type { Projection, SqlValue } from './projection.js';

const suffixes = ['', '-wal', '-shm'];

/** The SQLite file of the read models. All of it follows from the log, so what another version made is made anew. */
export class ReadDatabase {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement<SqlValue[]>>();

  private constructor(db: Database.Database) {
    this.#db = db;
  }

  /**
   * @throws DamagedReadModelsError
   * @throws NodeJS.ErrnoException, SqliteError where the file cannot be written at all
   */
  static open(file: string, projections: readonly Projection[]): ReadDatabase {
    try {
      return openFile(file, projections);
    } catch (error) {
      throw isCorruption(error) ? new DamagedReadModelsError(file, { cause: error }) : error;
    }
  }

  /** Where it is damaged, it begins anew. @throws NodeJS.ErrnoException, SqliteError as `open` */
  static openInAnyCase(file: string, projections: readonly Projection[]): ReadDatabase {
    try {
      return ReadDatabase.open(file, projections);
    } catch (error) {
      if (!(error instanceof DamagedReadModelsError)) throw error;
      ReadDatabase.remove(file);
      return ReadDatabase.open(file, projections);
    }
  }

  /** As it is, damaged or not; nothing where there is none. Nobody may have it open. */
  static copy(file: string, to: string): void {
    for (const suffix of suffixes) if (existsSync(file + suffix)) copyFileSync(file + suffix, to + suffix);
  }

  /** What was in it is made anew from the log when it is opened. */
  static remove(file: string): void {
    for (const suffix of suffixes) rmSync(file + suffix, { force: true });
  }

  /** For use by `open` alone. */
  static over(db: Database.Database): ReadDatabase {
    return new ReadDatabase(db);
  }

  /** How far a projection has come; the empty text, which is before everything, at the start. */
  checkpoint(name: string): Position {
    return (
      this.all<{ position: string }>('SELECT position FROM checkpoints WHERE name = ?', name)[0]?.position ??
      ''
    );
  }

  saveCheckpoint(name: string, position: Position): void {
    this.run('UPDATE checkpoints SET position = ? WHERE name = ?', position, name);
  }

  /** Makes the tables of a projection anew, empty, for its version. */
  reset({ name, version, tables, indexes = {} }: Projection): void {
    this.transaction(() => {
      for (const [table, columns] of Object.entries(tables)) {
        this.#db.exec(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (${columns})`);
      }
      for (const [index, definition] of Object.entries(indexes)) {
        this.#db.exec(`CREATE INDEX ${index} ON ${definition}`);
      }
      this.run(
        "INSERT OR REPLACE INTO checkpoints (name, version, position) VALUES (?, ?, '')",
        name,
        version,
      );
    });
    this.#statements.clear();
  }

  versionOf(name: string): number | undefined {
    return this.all<{ version: number }>('SELECT version FROM checkpoints WHERE name = ?', name)[0]?.version;
  }

  all<Row>(sql: string, ...params: readonly SqlValue[]): Row[] {
    return this.#prepared(sql).all(...params) as Row[];
  }

  run(sql: string, ...params: readonly SqlValue[]): number {
    return this.#prepared(sql).run(...params).changes;
  }

  transaction(work: () => void): void {
    this.#db.transaction(work).immediate();
  }

  /** Begins a transaction that lasts over turns of the event loop; queries show what it has done so far. */
  begin(): void {
    this.run('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.run('COMMIT');
  }

  /** Undoes what was not committed, where there is such. */
  rollBack(): void {
    if (this.#db.inTransaction) this.run('ROLLBACK');
  }

  /** Does something while another file can be read under the name `other`. */
  withOther<T>(file: string, work: () => T): T {
    this.#db.prepare('ATTACH ? AS other').run(file);
    try {
      return work();
    } finally {
      this.#statements.clear();
      this.#db.exec('DETACH other');
    }
  }

  /** Row by row, for what may be more than fits into memory. */
  iterate<Row>(sql: string, ...params: readonly SqlValue[]): IterableIterator<Row> {
    return this.#prepared(sql).iterate(...params) as IterableIterator<Row>;
  }

  close(): void {
    this.#db.close();
  }

  #prepared(sql: string): Database.Statement<SqlValue[]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare<SqlValue[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function openFile(file: string, projections: readonly Projection[]): ReadDatabase {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    // What a power failure takes away is read from the log again, rows and checkpoint alike.
    db.pragma('synchronous = NORMAL');
    // In pages, four times as many as usual: a catch-up writes the same ones again and again.
    db.pragma('wal_autocheckpoint = 4000');
    db.exec(`CREATE TABLE IF NOT EXISTS checkpoints (
      name TEXT PRIMARY KEY, version INTEGER NOT NULL, position TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS landmarks (
      stream TEXT PRIMARY KEY, revision INTEGER NOT NULL, id TEXT NOT NULL, position TEXT NOT NULL)`);
    const opened = ReadDatabase.over(db);
    for (const projection of projections) {
      if (opened.versionOf(projection.name) !== projection.version) opened.reset(projection);
    }
    return opened;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isCorruption(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(error.code);
}
