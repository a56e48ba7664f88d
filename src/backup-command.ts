import { existsSync } from 'node:fs';
import path from 'node:path';
import { ReadDatabase } from '../projections/read-database.js';
import { configOfProcess } from './config-of-process.js';
import { openDataDir } from './data-dir.js';
import { backUp, restore, type Content } from './eventstore/sqlite/backup-file.js';
import { nameOfError } from './name-of-error.js';
import { sqliteFileIn } from './open-event-store.js';
import { readModelsIn } from './read-side.js';
import { startFailure } from './start-failure.js';

/**
 * `npm run backup -- FILE`, also while a server runs in DATA_DIR: copies its events to a file that does not exist yet.
 * `npm run restore -- FILE`, while none does: puts them back. Status 0: it is done.
 */

process.exitCode = await main(process.argv.slice(2));

async function main([command, file, ...rest]: readonly string[]): Promise<number> {
  if ((command !== 'backup' && command !== 'restore') || !file || file.startsWith('-') || rest.length > 0) {
    return refused('Say `npm run backup -- FILE` or `npm run restore -- FILE`, with the path of one file.');
  }
  const config = configOfProcess();
  if (!config) return 1;
  if (config.eventStoreUrl !== undefined) {
    return refused(
      'EVENTSTORE_URL is set: the events are in that EventStoreDB, which has backups of its own. See docs/eventstoredb.md.',
    );
  }
  const folder = path.resolve(config.dataDir);
  try {
    return command === 'backup' ? await backUpTo(file, folder) : restoreFrom(file, folder);
  } catch (error) {
    return refused(
      startFailure(error, config) ??
        `It ended because of an error that it does not know: ${nameOfError(error)}.`,
    );
  }
}

async function backUpTo(file: string, folder: string): Promise<number> {
  const events = sqliteFileIn(folder);
  if (!existsSync(events)) {
    return refused(`DATA_DIR (${folder}) holds no event store: set it to the folder of a server.`);
  }
  if (existsSync(file)) {
    return refused(`${file} exists already: give a name that is not in use, or remove it first.`);
  }
  const parent = path.dirname(path.resolve(file));
  if (!existsSync(parent)) return refused(`There is no folder ${parent}: make it first.`);
  console.log(`Backed up to ${file}: ${described(await backUp(events, file))}.`);
  return 0;
}

function restoreFrom(file: string, folder: string): number {
  if (!existsSync(file)) return refused(`There is no file ${file}.`);
  const dataDir = openDataDir(folder);
  try {
    const { kept, ...content } = restore(file, sqliteFileIn(dataDir.path), new Date());
    // They are made anew from what is in the log now.
    ReadDatabase.remove(readModelsIn(dataDir.path));
    console.log(`Restored from ${file}: ${described(content)}.`);
    if (kept !== null) console.log(`What was there before is kept as ${kept}.`);
    console.log('Start the server: jobs that were under way when the backup was made go on.');
    return 0;
  } finally {
    dataDir.close();
  }
}

function described({ events, lastPosition }: Content): string {
  const count = `${events} event${events === 1 ? '' : 's'}`;
  return events === 0 ? count : `${count}, the last one at position ${lastPosition}`;
}

function refused(sentence: string): number {
  console.error(sentence);
  return 1;
}
