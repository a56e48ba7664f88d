import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { Appender } from '../../src/eventstore/eventstoredb/appender.js';
import { createClient } from '../../src/eventstore/eventstoredb/client.js';
import { Connection } from '../../src/eventstore/eventstoredb/connection.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import type { MalformedEventError } from '../../src/eventstore/malformed-event-error.js';
import { NamespacedEventStore } from '../../src/eventstore/namespaced-event-store.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { owner, queued, syncRequest } from '../support/job-history.js';
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const { url } = await eventStoreDbServers()();

/** Another program. */
const stranger = EventStoreDBClient.connectionString(url);
const connection = new Connection(createClient(url), undefined);
const appender = new Appender(connection);
afterAll(async () => {
  await stranger.dispose();
  await connection.close();
});

const asJson = (text: string) => (stream: string) =>
  appender.append({
    stream,
    events: [{ id: randomUUID(), type: 'OrderPlaced', data: Buffer.from(text), metadata: Buffer.alloc(0) }],
    expectedRevision: 'any',
  });
const asBytes = (stream: string) =>
  stranger.appendToStream(stream, binaryEvent({ type: 'OrderPlaced', data: Buffer.from('{"v":1}') }));

let store: EventStore;
let namespace: string;
let folder: string;
let subscriptions: number;
let ignored: string[];

beforeEach(() => {
  // One server holds them all.
  namespace = randomUUID();
  store = new NamespacedEventStore(openEventStoreDb({ url }), namespace);
  const subscribe = store.subscribe.bind(store);
  subscriptions = 0;
  store.subscribe = (options) => {
    subscriptions += 1;
    return subscribe(options);
  };
  folder = tempFolder();
  ignored = [];
});

afterEach(() => store.close());

const open = () =>
  openReadSide(store, folder, {
    onUnreadable: 'WAIT',
    onIgnored: ({ event }: MalformedEventError) => ignored.push(event.stream),
  });
const strange = jobStream('strange');
/** By its name in the whole store. */
const strangeStream = () => `${namespace}.${strange}`;
const sentence = expect.stringContaining(`Event 0 of stream ${strange} (OrderPlaced)`) as unknown;
const named = { status: 'FAILED', error: { message: sentence } };

describe.each<[string, (stream: string) => Promise<unknown>]>([
  ['bytes', asBytes],
  ['a list', asJson('[1, 2]')],
  ['a number', asJson('3')],
  ['broken JSON', asJson('{"v":')],
  ['an object of somebody else', asJson('{"total":3}')],
])('an event that holds %s', (_what, append) => {
  it('stops the read side while its stream holds it, and is ignored once it was removed', async () => {
    await record(store, jobStream('before'), queued(syncRequest));
    await append(strangeStream());
    await record(store, jobStream('after'), queued(syncRequest));
    const readSide = open();
    const { projector, reader } = readSide;
    projector.start().catch(() => undefined);

    await expect.poll(() => projector.state).toMatchObject(named);
    expect(reader.job(owner, 'before')).not.toBeNull();
    expect(reader.job(owner, 'after')).toBeNull();
    expect(ignored).toEqual([]);

    await store.delete(strange, { expectedRevision: 0 });
    await expect.poll(() => projector.state.status).toBe('LIVE');
    expect(reader.job(owner, 'after')).not.toBeNull();
    expect(ignored).toEqual([strange]);
    expect(subscriptions).toBe(2);
    await readSide.close();
  });

  it('stops a read side that is up to date, which goes on once it was removed', async () => {
    const readSide = open();
    const { projector } = readSide;
    await projector.start();
    await append(strangeStream());
    await expect.poll(() => projector.state).toMatchObject(named);

    await store.delete(strange, { expectedRevision: 0 });
    await expect.poll(() => projector.state.status).toBe('LIVE');
    await projector.caughtUpTo(await record(store, jobStream('after'), queued(syncRequest)));
    expect(ignored).toEqual([strange]);
    await readSide.close();
  });

  it('is in the log still after it was removed, and is passed by once, not at each start', async () => {
    await record(store, jobStream('before'), queued(syncRequest));
    await append(strangeStream());
    await store.delete(strange, { expectedRevision: 0 });
    for (let start = 0; start < 2; start++) {
      const readSide = open();
      await readSide.projector.start();
      await readSide.close();
    }
    expect(ignored).toEqual([strange]);
  });
});

it('goes on where a stream with an event that cannot be read was deleted for ever', async () => {
  await asBytes(strangeStream());
  await record(store, jobStream('after'), queued(syncRequest));
  const readSide = open();
  const { projector, reader } = readSide;
  projector.start().catch(() => undefined);
  await expect.poll(() => projector.state).toMatchObject(named);

  await stranger.tombstoneStream(strangeStream());

  await expect.poll(() => projector.state.status).toBe('LIVE');
  expect(reader.job(owner, 'after')).not.toBeNull();
  expect(ignored).toEqual([strange]);
  await readSide.close();
});
