/**
 * - `corrupt`: the files are there and make no sense; downloading again mends it
 * - `full`, `not-writable`, `busy`, `gone`: the surroundings are wrong, the copy itself may be healthy
 * - `other`: the disk gave an error of its own
 */
export type StorageFault = 'corrupt' | 'full' | 'not-writable' | 'busy' | 'gone' | 'other';

const faults: readonly (readonly [RegExp, StorageFault])[] = [
  [/^SQLITE_(CORRUPT|NOTADB|CONSTRAINT)/, 'corrupt'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG)/, 'full'],
  [/^(SQLITE_READONLY_DBMOVED|ENOENT)$/, 'gone'],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM)|EROFS$|EACCES$|EPERM$|EEXIST$|ENOTDIR$)/, 'not-writable'],
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  [/^(SQLITE_IOERR|EIO$|EMFILE$|ENFILE$)/, 'other'],
];

/** What a code of SQLite or the file system says about the local copy; undefined for all other codes. */
export function storageFaultOf(code: string): StorageFault | undefined {
  return faults.find(([pattern]) => pattern.test(code))?.[1];
}

const sentences: readonly (readonly [RegExp, string])[] = [
  [/database or disk is full/, 'SQLITE_FULL'],
  [/readonly database/, 'SQLITE_READONLY'],
  [/unable to open database file/, 'SQLITE_CANTOPEN'],
  [/disk image is malformed|not a database/, 'SQLITE_CORRUPT'],
  [/database is locked/, 'SQLITE_BUSY'],
  [/disk I\/O error/, 'SQLITE_IOERR'],
];

/** The code of SQLite that belongs to a message of SQLite, where somebody passed on nothing but that. */
export function storageCodeIn(message: string): string | null {
  return sentences.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}
