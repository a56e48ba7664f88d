import Database from 'better-sqlite3';
import { EventStoreUnavailableError } from '../event-store-errors.js';

/** What went wrong below us, as far as it matters for what to do about it. */
export type StorageFault = 'IN_USE' | 'DAMAGED' | 'NOT_WRITABLE' | 'FULL' | 'OTHER';

const faults: readonly (readonly [RegExp, StorageFault])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'IN_USE'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'DAMAGED'],
  [/^(SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/, 'NOT_WRITABLE'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'FULL'],
];

/** Not the storage's fault, but that of what was to be written: trying again would not help. */
const mistakes = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|MISUSE)/;

/** Undefined: not a fault of SQLite or of the file system. */
export function storageFaultOf(error: unknown): StorageFault | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  if (mistakes.test(code)) return undefined;
  const known = faults.find(([pattern]) => pattern.test(code));
  if (known) return known[1];
  return error instanceof Database.SqliteError || 'syscall' in error ? 'OTHER' : undefined;
}

const sentences: Record<StorageFault, string> = {
  IN_USE: 'Another process holds the event store.',
  DAMAGED: 'The file of the event store is damaged.',
  NOT_WRITABLE: 'The event store cannot be written any longer.',
  FULL: 'The disk that holds the event store is full.',
  OTHER: 'The event store could not be read or written.',
};

/** What a caller of the port is told; an error that does not come from the storage stays as it is. */
export function asUnavailable(error: unknown): unknown {
  const fault = storageFaultOf(error);
  return fault === undefined ? error : new EventStoreUnavailableError(sentences[fault], { cause: error });
}
