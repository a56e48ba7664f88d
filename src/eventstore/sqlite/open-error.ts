import { statfsSync } from 'node:fs';
import path from 'node:path';
import { EventStoreOpenError } from '../event-store-errors.js';
import { ForeignDatabaseError } from './database.js';
import { storageFaultOf, type StorageFault } from './storage-fault.js';

/** Says what to do about a store that cannot be opened; what is not the storage's fault stays as it is. */
export function openError(error: unknown, file: string): unknown {
  const folder = path.dirname(path.resolve(file));
  const damaged = `The event store ${file} is damaged, or is not an event store. Restore it from a backup (\`npm run restore -- FILE\`), or move its folder (${folder}) away to begin with an empty one.`;
  if (error instanceof ForeignDatabaseError) {
    const newer = `The event store ${file} was written by a newer version. Install that version again, or use another folder than ${folder}.`;
    return new EventStoreOpenError(error.reason === 'NEWER' ? newer : damaged, { cause: error });
  }
  const sentences: Record<StorageFault, string> = {
    IN_USE: `The folder ${folder} is in use by another process. Stop that process, or use another folder.`,
    DAMAGED: damaged,
    NOT_WRITABLE: `The folder ${folder} or the event store in it cannot be written. Make it a folder that the user of this process may write to, or use another one.`,
    FULL: `The disk that holds ${folder} is full. Make room on it, then start again.`,
    OTHER: `The event store ${file} could not be read or written. Check the disk that holds it, then start again.`,
  };
  const known = storageFaultOf(error);
  // SQLite reports some of what fails for lack of room as an I/O error.
  const fault = known === 'OTHER' && hasNoRoom(folder) ? 'FULL' : known;
  return fault === undefined ? error : new EventStoreOpenError(sentences[fault], { cause: error });
}

/** Less than what an empty store with its journal takes. */
const leastRoomBytes = 256 * 1024;

function hasNoRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < leastRoomBytes;
  } catch {
    return false;
  }
}
