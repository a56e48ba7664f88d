import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { eventStoreDbStores } from '../contract/eventstoredb-stores.js';
import { combinedRequest, owner, queued } from '../support/job-history.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { admitted } from '../support/lane-history.js';
import { openReadSide, record } from '../support/read-side.js';
import { preparedCopies, type PreparedCopy } from './prepared-copy.js';

const prepareCopy = preparedCopies();
const startServer = eventStoreDbServers();
const openEventStoreDb = eventStoreDbStores();

let prepared: PreparedCopy;

beforeEach(async () => {
  prepared = await prepareCopy();
});

const openStores: EventStore[] = [];
afterEach(() => Promise.all(openStores.splice(0).map((store) => store.close())));

const openFile = async () => {
  const store = await openSqliteEventStore({ file: path.join(prepared.dataDir, 'events.sqlite') });
  openStores.push(store);
  return store;
};

async function start(store: EventStore, ...jobIds: readonly string[]): Promise<void> {
  for (const jobId of jobIds) {
    await record(store, laneStream('household'), admitted(jobId, combinedRequest));
    await record(store, jobStream(jobId), queued());
  }
}

/** The jobs that a server shows that starts in DATA_DIR with this store. */
async function shownOf(store: EventStore): Promise<readonly string[]> {
  const { reader, projector, close } = openReadSide(store, prepared.dataDir);
  await projector.start();
  const jobs = ['a', 'b', 'c', 'd', 'theirs'].filter((jobId) => reader.job(owner, jobId));
  await close();
  return jobs;
}

describe('read models that were made from the file', () => {
  it('are made anew from EventStoreDB', async () => {
    await prepared.given(async (store) => {
      await start(store, 'a', 'b');
      expect(await shownOf(store)).toEqual(['a', 'b']);
    });
    expect((await prepared.run()).status).toBe(0);
    await start(prepared.target, 'c');

    expect(await shownOf(prepared.target)).toEqual(['a', 'b', 'c']);
  });

  it('are made anew from EventStoreDB also where the events came there in another way', async () => {
    await prepared.given((store) => start(store, 'a', 'b'));
    const file = await openFile();
    expect(await shownOf(file)).toEqual(['a', 'b']);
    await start(prepared.target, 'c');

    expect(await shownOf(prepared.target)).toEqual(['c']);
  });
});

describe('read models that were made from another EventStoreDB, whose positions this one has, too,', () => {
  it('are made anew from the copy', async () => {
    const other = openEventStoreDb((await startServer()).url);
    await start(other, 'theirs');
    await prepared.given((store) => start(store, 'a', 'b', 'c', 'd'));
    expect(await shownOf(other)).toEqual(['theirs']);

    expect((await prepared.run()).status).toBe(0);

    expect(await shownOf(prepared.target)).toEqual(['a', 'b', 'c', 'd']);
  });
});
