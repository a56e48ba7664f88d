import { existsSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { ReadDatabase } from '../projections/read-database.js';
import { configOfProcess } from './config-of-process.js';
import type { Config } from './config.js';
import { openDataDir } from './data-dir.js';
import { jobPrefix, lanePrefix, runnerPrefix, tokenStream } from './domain/streams.js';
import { copyEvents, type Copied, type CopyProgress } from './eventstore/copy-events.js';
import { CopyError, type CopyFault } from './eventstore/copy-error.js';
import type { EventStore } from './eventstore/event-store.js';
import { EventStoreOpenError, EventStoreUnavailableError } from './eventstore/event-store-errors.js';
import { historyOf } from './eventstore/history.js';
import { PatientEventStore } from './eventstore/patient-event-store.js';
import { reach } from './eventstore/reach.js';
import { markAsMoved } from './eventstore/sqlite/moved-file.js';
import { openSqliteEventStore } from './eventstore/sqlite/sqlite-event-store.js';
import { nameOfError } from './name-of-error.js';
import { openEventStore, sqliteFileIn } from './open-event-store.js';
import { readModelsIn } from './read-side.js';
import { startFailure } from './start-failure.js';

/**
 * `npm run eventstore -- copy`, while no server runs in DATA_DIR nor at EVENTSTORE_URL: copies the events from the file
 * in the one to the EventStoreDB at the other, and reads them back. It may be killed at any moment and run again.
 * Status 0: all of them are there.
 */

/** How long an EventStoreDB that cannot be used is waited for (milliseconds). */
const patienceMs = 10_000;

/** How often it is said how far it is (milliseconds). */
const sayEveryMs = 2_000;

const words: Record<CopyProgress['doing'], string> = {
  COMPARING: 'Comparing with what was copied before',
  COPYING: 'Copying',
  VERIFYING: 'Reading back',
};

const again = 'What was copied stays; run this again, and it goes on where it was.';

const notReached = 'Nothing was copied this time; run this again when it can be reached.';

const useEmptyOne =
  'Use an EventStoreDB that has no streams of Actual Jobs, and never had: set EVENTSTORE_URL to its address.';

const sentences: Record<CopyFault, (stream: string) => string> = {
  TARGET_HOLDS_OTHERS: (stream) =>
    `EventStoreDB holds events that are not of this copy (stream ${stream}): another server works there, or one has ` +
    `worked since the last copy, here or there. Nothing was changed. ${useEmptyOne}`,
  TARGET_IS_WRITTEN_TO: (stream) =>
    `Somebody else wrote to stream ${stream} in EventStoreDB meanwhile; nothing was overwritten. Stop the servers ` +
    'that use it, and other copies, then run this again.',
  STREAM_WAS_DELETED: (stream) =>
    `Stream ${stream} was in EventStoreDB before, and was deleted. ${useEmptyOne}`,
  EVENT_TOO_LARGE: (stream) =>
    `An event of stream ${stream} is larger than EventStoreDB takes, so the events cannot be moved there. Go on ` +
    'without EVENTSTORE_URL.',
  NOT_A_COPY: (stream) =>
    `Read back, EventStoreDB does not hold what was copied (${stream === '' ? 'the last events' : `stream ${stream}`}): ` +
    `somebody else wrote there meanwhile, or it lost something. Do not start a server with it. ${useEmptyOne}`,
};

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (command !== 'copy' || rest.length > 0) {
    console.error('Say `npm run eventstore -- copy`.');
    return 1;
  }
  const config = configOfProcess();
  if (!config) return 1;
  try {
    return await run(config);
  } catch (error) {
    console.error(sentenceOf(error, config));
    return 1;
  }
}

async function run(config: Config): Promise<number> {
  const { dataDir: folder, eventStoreUrl } = config;
  if (eventStoreUrl === undefined) {
    console.error(
      'EVENTSTORE_URL is not set: set it to the address of the EventStoreDB to copy to, such as esdb://admin:changeit@localhost:2113?tls=false.',
    );
    return 1;
  }
  if (!existsSync(sqliteFileIn(folder))) {
    console.error(
      `DATA_DIR (${path.resolve(folder)}) holds no event store: set it to the folder of a server that ran without EVENTSTORE_URL.`,
    );
    return 1;
  }
  const target = await openEventStore(config, pino({ level: 'silent' }));
  try {
    const dataDir = openDataDir(folder);
    try {
      await copy(dataDir.path, target);
      return 0;
    } finally {
      dataDir.close();
    }
  } finally {
    await target.close();
  }
}

async function copy(dataDir: string, target: EventStore): Promise<void> {
  const file = sqliteFileIn(dataDir);
  const source = await openSqliteEventStore({ file });
  try {
    const streamPrefixes = await ourPrefixes(source);
    const patient = new PatientEventStore(target, { patienceMs });
    await reachOrSay(patient);
    const copied = await copyEvents({
      source,
      target: patient,
      streamPrefixes,
      onProgress: progressTeller(),
    });
    // Positions of another log than this one, which may seem to be of this one, would leave out events.
    ReadDatabase.remove(readModelsIn(dataDir));
    markAsMoved(file);
    tell(copied);
  } finally {
    await source.close();
  }
}

/** @throws EventStoreOpenError */
async function reachOrSay(target: PatientEventStore): Promise<void> {
  try {
    await reach(target);
  } catch (error) {
    if (!(error instanceof EventStoreUnavailableError)) throw error;
    throw new EventStoreOpenError(`${error.message} ${notReached}`);
  }
}

/**
 * Servers that share a store say in it that they live: one that was started with an empty EventStoreDB once is no
 * reason to refuse that.
 */
async function ourPrefixes(source: EventStore): Promise<readonly string[]> {
  const heartbeats = historyOf(source, { streamPrefixes: [runnerPrefix] });
  const { done } = await heartbeats.next();
  await heartbeats.return();
  const always = [jobPrefix, lanePrefix, tokenStream];
  return done ? always : [...always, runnerPrefix];
}

function progressTeller(): (progress: CopyProgress) => void {
  let saidAt = performance.now();
  return ({ doing, done, total }) => {
    if (performance.now() - saidAt < sayEveryMs) return;
    saidAt = performance.now();
    console.log(`${words[doing]}: ${Math.floor((100 * done) / total)} % (${done} of ${total} events)`);
  };
}

function tell({ events, streams, added }: Copied): void {
  const of = `${counted(events, 'event')} of ${counted(streams, 'stream')}`;
  console.log(
    added > 0 || events === 0
      ? `Copied ${of}${added < events ? `, ${events - added} of them before` : ''}; verified.`
      : `Nothing was left to copy: ${of} were there already; verified.`,
  );
  console.log(
    'From now on start the server with EVENTSTORE_URL set, and with the same DATA_DIR, which holds more than events. ' +
      'Its first start takes longer: it makes its read models anew from EventStoreDB.\n' +
      'Without EVENTSTORE_URL it does not start with this DATA_DIR any longer: the file knows nothing of what happens ' +
      'from now on.',
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function sentenceOf(error: unknown, config: Config): string {
  if (error instanceof CopyError) return sentences[error.fault](error.stream ?? '');
  if (error instanceof EventStoreUnavailableError) return `${error.message} ${again}`;
  return (
    startFailure(error, config) ??
    `The copy ended because of an error that it does not know: ${nameOfError(error)}. ${again}`
  );
}
