import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EventStoreOpenError } from '../event-store-errors.js';

/**
 * The events of a file were copied to EventStoreDB. The file stays, as a backup; a mark beside it tells it from one
 * that is in use, since whoever goes on with it knows nothing of what happened in EventStoreDB.
 */
export function markAsMoved(file: string): void {
  const text = `${path.basename(file)} was copied to EventStoreDB, and is no longer in use. Remove this file to use it again.\n`;
  writeFileSync(markOf(file), text, { mode: 0o600 });
}

/** @throws EventStoreOpenError */
export function refuseMoved(file: string): void {
  const mark = markOf(file);
  if (!existsSync(mark)) return;
  throw new EventStoreOpenError(
    'The events of DATA_DIR were copied to EventStoreDB: set EVENTSTORE_URL to its address. To go on with the old file ' +
      `on purpose, without what has happened since, remove ${mark}.`,
  );
}

function markOf(file: string): string {
  return `${path.resolve(file)}.moved`;
}
