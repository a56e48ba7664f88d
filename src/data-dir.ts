import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { validate as isUuid } from 'uuid';
import { lockFile } from './eventstore/sqlite/file-lock.js';
import { openError } from './eventstore/sqlite/open-error.js';

/** The folder of everything that one server keeps for itself; locked for this process until it is closed. */
export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** Kept over restarts, so that the claims of a former life are known as one's own. */
  readonly runnerId: string;
  /** Whether the folder may be a copy: then a process that works in the other one may go by the same runner id. */
  readonly mayBeCopy: boolean;
  /** Secret and random, kept over restarts: hashes the names of people where they are written into the log. */
  readonly ownerKey: string;
  close(): void;
}

/**
 * Makes the folder where there is none.
 *
 * @throws EventStoreOpenError another process works in it
 * @throws NodeJS.ErrnoException, SqliteError it cannot be written
 */
export function openDataDir(folder: string): DataDir {
  const absolute = path.resolve(folder);
  makeFolder(absolute);
  const close = lock(path.join(absolute, 'server'));
  try {
    return { path: absolute, ...runnerIn(absolute), ownerKey: ownerKeyIn(absolute), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** One by one: where the system has folders that nobody can make, Node's recursive form never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  // It holds copies of budgets, as private as the budgets themselves.
  mkdirSync(folder, { mode: 0o700 });
}

function lock(file: string): () => void {
  try {
    return lockFile(file);
  } catch (error) {
    throw openError(error, file);
  }
}

/**
 * Beside the id is kept which file it was written into: a copy of that file is another one. Written with the id only: a
 * copy stays one, however often it is started.
 */
function runnerIn(folder: string): Pick<DataDir, 'runnerId' | 'mayBeCopy'> {
  const file = path.join(folder, 'runner-id');
  const origin = path.join(folder, 'runner-origin');
  const runnerId = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (isUuid(runnerId)) {
    const isOriginal = existsSync(origin) && readFileSync(origin, 'utf8') === identityOf(file);
    return { runnerId, mayBeCopy: !isOriginal };
  }
  const made = kept(file, randomUUID());
  kept(origin, identityOf(file));
  return { runnerId: made, mayBeCopy: false };
}

/** No other file has it, unless the disk as a whole is copied. */
function identityOf(file: string): string {
  const { ino, birthtimeNs } = statSync(file, { bigint: true });
  return `${ino} ${birthtimeNs}`;
}

function ownerKeyIn(folder: string): string {
  const file = path.join(folder, 'owner-key');
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^[\da-f]{64}$/.test(known) ? known : kept(file, randomBytes(32).toString('hex'));
}

/** Whole or not at all, for this user alone. */
function kept(file: string, text: string): string {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return text;
}
