import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { EventStoreOpenError } from '../event-store-errors.js';
import { checkIsOurs, ForeignDatabaseError } from './database.js';
import { openError } from './open-error.js';
import { storageFaultOf } from './storage-fault.js';

/** What a file of events holds. */
export interface Content {
  readonly events: number;
  /** Of the last one; 0: there is none. */
  readonly lastPosition: number;
}

/** How long a server that is just writing may be waited for (milliseconds). */
const busyTimeoutMs = 10_000;

/** More than any file has: all of it is copied in one go, as it is at one moment, however much is written meanwhile. */
const allPages = 0x7fff_ffff;

const suffixes = ['', '-wal', '-shm'];

/**
 * Copies the events of `file`, which a server may be writing to, to another file that does not exist yet. That is there
 * whole, checked and on the disk, or not at all.
 *
 * @throws EventStoreOpenError about either file
 */
export async function backUp(file: string, to: string): Promise<Content> {
  const unfinished = `${to}.new`;
  const db = opened(file);
  try {
    await db.backup(unfinished, { progress: () => allPages });
    // It tells what was asked for whose budget.
    chmodSync(unfinished, 0o600);
    asOneFile(unfinished);
    const content = contentOf(unfinished);
    renameSync(unfinished, to);
    syncToDisk(path.dirname(path.resolve(to)));
    return content;
  } catch (error) {
    for (const suffix of [...suffixes, '-journal']) rmSync(unfinished + suffix, { force: true });
    throw openError(error, to);
  } finally {
    db.close();
  }
}

function opened(file: string): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    checkIsOurs(db);
    return db;
  } catch (error) {
    db?.close();
    throw openError(error, file);
  }
}

/**
 * Puts the events of a backup in the place of `file`, which nobody may have open. What was there is kept under the name
 * that is given with the answer.
 *
 * @throws EventStoreOpenError about either file
 */
export function restore(backup: string, file: string, now: Date): Content & { readonly kept: string | null } {
  const content = checked(backup);
  const unfinished = `${file}.new`;
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const kept = existsSync(file) ? `${file}.before-restore-${stamp}` : null;
  try {
    copyFileSync(backup, unfinished);
    chmodSync(unfinished, 0o600);
    syncToDisk(unfinished);
    if (kept !== null) {
      // What was written last may stand beside the file: it belongs to it, and to no other.
      for (const suffix of suffixes) {
        if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix);
      }
    }
    renameSync(unfinished, file);
    syncToDisk(path.dirname(path.resolve(file)));
  } catch (error) {
    throw openError(error, file);
  }
  return { ...content, kept };
}

function checked(backup: string): Content {
  try {
    return contentOf(backup);
  } catch (error) {
    const isForeign = error instanceof ForeignDatabaseError;
    if (!isForeign && storageFaultOf(error) === undefined) throw error;
    const what =
      isForeign && error.reason === 'NEWER'
        ? 'was made by a newer version: install that one'
        : 'is damaged, or is not a backup of Actual Jobs';
    throw new EventStoreOpenError(`${backup} ${what}. Nothing was changed.`, { cause: error });
  }
}

/** Reads all of it. @throws SqliteError, ForeignDatabaseError */
function contentOf(file: string): Content {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    checkIsOurs(db);
    const state = db.pragma('integrity_check', { simple: true });
    if (state !== 'ok') throw new Database.SqliteError(String(state), 'SQLITE_CORRUPT');
    return db
      .prepare('SELECT count(*) AS events, coalesce(max(position), 0) AS lastPosition FROM events')
      .get() as Content;
  } finally {
    db.close();
  }
}

/** Nothing of it stands in files beside it. */
function asOneFile(file: string): void {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
  syncToDisk(file);
}

/** A file, or which names a folder holds. */
function syncToDisk(of: string): void {
  const descriptor = openSync(of, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
