import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { lockFile } from './eventstore/sqlite/file-lock.js';
import { openError } from './eventstore/sqlite/open-error.js';
import { kept } from './kept-file.js';
import { runnerIdentityIn, type RunnerIdentity } from './runner-identity.js';

/** The folder of everything that one server keeps for itself; locked for this process until it is closed. */
export interface DataDir extends RunnerIdentity {
  /** Absolute. */
  readonly path: string;
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
    return { path: absolute, ...runnerIdentityIn(absolute), ownerKey: ownerKeyIn(absolute), close };
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

function ownerKeyIn(folder: string): string {
  const file = path.join(folder, 'owner-key');
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^[\da-f]{64}$/.test(known) ? known : kept(file, randomBytes(32).toString('hex'));
}
