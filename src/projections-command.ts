import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { rebuildReadModels, verifyReadModels } from '../projections/maintain-read-models.js';
import { loadConfig, type Config } from './config.js';
import { openDataDir } from './data-dir.js';
import { openEventStore, sqliteFileIn } from './open-event-store.js';
import { readModelsIn } from './read-side.js';
import { startFailure } from './start-failure.js';

/**
 * `npm run projections -- rebuild|verify`, while no server runs in DATA_DIR: makes the read models anew from the
 * log, or says where they are not what the log says. Status 0: done, and no difference.
 */

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if ((command !== 'rebuild' && command !== 'verify') || rest.length > 0) {
    console.error('Say `npm run projections -- rebuild` or `npm run projections -- verify`.');
    return 1;
  }
  const loaded = loadConfig(process.env, { readFile: (file) => readFileSync(file, 'utf8') });
  if ('problems' in loaded) {
    for (const problem of loaded.problems) console.error(problem);
    return 1;
  }
  try {
    return await run(command, loaded.ok);
  } catch (error) {
    console.error(startFailure(error, loaded.ok) ?? error);
    return 1;
  }
}

async function run(command: 'rebuild' | 'verify', config: Config): Promise<number> {
  if (config.eventStoreUrl === undefined && !existsSync(sqliteFileIn(config.dataDir))) {
    console.error(
      `DATA_DIR (${path.resolve(config.dataDir)}) holds no event store: set it to the folder of a server.`,
    );
    return 1;
  }
  const dataDir = openDataDir(config.dataDir);
  try {
    return await maintain(command, { ...config, dataDir: dataDir.path });
  } finally {
    dataDir.close();
  }
}

async function maintain(command: 'rebuild' | 'verify', config: Config): Promise<number> {
  const store = await openEventStore(config, pino({ level: 'silent' }));
  try {
    const file = readModelsIn(config.dataDir);
    if (command === 'verify') return report(await verifyReadModels(store, file));
    await rebuildReadModels(store, file);
    console.log('The read models were made anew from the log.');
    return 0;
  } finally {
    await store.close();
  }
}

function report(differences: Awaited<ReturnType<typeof verifyReadModels>>): number {
  if (differences.length === 0) {
    console.log('The read models are what the log says.');
    return 0;
  }
  for (const { table, rows } of differences) {
    console.error(`${table}: ${rows} ${rows === 1 ? 'row is' : 'rows are'} not what the log says.`);
  }
  console.error('`npm run projections -- rebuild` makes them anew.');
  return 1;
}
