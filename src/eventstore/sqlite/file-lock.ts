import Database from 'better-sqlite3';

/**
 * Takes a file for this process until it is released or the process ends: the operating system then frees it,
 * after a SIGKILL too. The lock lies in a database beside the file, so that others can still read the file.
 *
 * @returns releases it
 * @throws SqliteError SQLITE_BUSY where somebody else has it
 */
export function lockFile(file: string): () => void {
  const lock = new Database(`${file}-lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw error;
  }
  return () => lock.close();
}
