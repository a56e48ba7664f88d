import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { validate as isUuid } from 'uuid';
import { kept } from './kept-file.js';

export interface RunnerIdentity {
  /** Kept over restarts, so that the claims of a former life are known as one's own. */
  readonly runnerId: string;
  /** Whether the folder may be a copy: then a process that works in the other one may go by the same runner id. */
  readonly mayBeCopy: boolean;
}

/**
 * Beside the id is kept which file it was written into: a copy of that file is another one. Written with the id only: a
 * copy stays one, however often it is started.
 */
export function runnerIdentityIn(folder: string): RunnerIdentity {
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
