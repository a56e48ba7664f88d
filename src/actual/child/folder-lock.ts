import path from 'node:path';
import Database from 'better-sqlite3';
import { SituationError, ownSituation } from '../situation.js';

/** A child of a parent that was killed needs a moment to notice, see `parent-watch.ts`. */
const WAIT_MS = 5_000;

/** Kept until this process ends: a connection that nothing refers to is closed when memory is tidied up. */
const locks: Database.Database[] = [];

/**
 * Takes the folder for this process until it ends; the operating system frees it, after a SIGKILL too. Two
 * processes on one copy of a budget make it diverge from the server for ever.
 *
 * @throws SituationError 'copy-in-use'
 */
export function lockFolder(folder: string): void {
  const lock = new Database(path.join(folder, 'lock.sqlite'), { timeout: WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new SituationError(ownSituation('copy-in-use', error.message), { cause: error });
    }
    throw error;
  }
  locks.push(lock);
}
