import { existsSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { describeProgress } from '../projections/catch-up-progress.js';
import type { Difference } from '../projections/differences.js';
import {
  rebuildReadModels,
  verifyReadModels,
  type OnProgress,
  type Verification,
} from '../projections/maintain-read-models.js';
import { configOfProcess } from './config-of-process.js';
import type { Config } from './config.js';
import { openDataDir } from './data-dir.js';
import { nameOfError } from './name-of-error.js';
import { openEventStore, sqliteFileIn } from './open-event-store.js';
import { readModelsIn } from './read-side.js';
import { startFailure } from './start-failure.js';

/**
 * `npm run projections -- rebuild|verify`, while no server runs in DATA_DIR: makes the read models anew from the
 * log, or leaves them as they are; then compares them with what the log says. Status 0: there is no difference.
 */

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if ((command !== 'rebuild' && command !== 'verify') || rest.length > 0) {
    console.error('Say `npm run projections -- rebuild` or `npm run projections -- verify`.');
    return 1;
  }
  const config = configOfProcess();
  if (!config) return 1;
  try {
    return await run(command, config);
  } catch (error) {
    console.error(
      startFailure(error, config) ??
        `It ended because of an error that it does not know: ${nameOfError(error)}.`,
    );
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
    if (command === 'rebuild') await rebuildReadModels(store, file, sayProgress);
    return report(await verifyReadModels(store, file, sayProgress));
  } finally {
    await store.close();
  }
}

function sayProgress(...[doing, progress]: Parameters<OnProgress>): void {
  console.log(`${doing === 'READING' ? 'Reading' : 'Comparing'}: ${describeProgress(progress)}`);
}

function report({ position, jobs, differences }: Verification): number {
  for (const difference of differences) console.error(describeDifference(difference));
  const rows = differences.reduce((sum, difference) => sum + difference.rows, 0);
  if (rows > 0) console.error('`npm run projections -- rebuild` makes them anew.');
  console.log(
    `verified to position ${position === '' ? 'none' : position}, ${counted(jobs, 'job')}, ${counted(rows, 'difference')}`,
  );
  return rows === 0 ? 0 : 1;
}

function describeDifference({ table, rows, examples }: Difference): string {
  const keys = examples.map((key) =>
    Object.entries(key)
      .map(([column, value]) => `${column} ${value}`)
      .join(', '),
  );
  const andMore = rows > examples.length ? '; ...' : '';
  return `${table}: ${rows} ${rows === 1 ? 'row is' : 'rows are'} not what the log says (${keys.join('; ')}${andMore}).`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
