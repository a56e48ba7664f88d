import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { afterAll, describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import {
  AppendTooLargeError,
  StreamTombstonedError,
  UnknownPositionError,
} from '../../src/eventstore/event-store-errors.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { NamespacedEventStore } from '../../src/eventstore/namespaced-event-store.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { append, newEvent, newEvents, newStream, revisionsOf } from './contract-events.js';
import { eventStoreDbStores } from './eventstoredb-stores.js';
import { follow, hasSeen, isCaughtUp } from './follow.js';
import { leaveNoStreams } from './leave-no-streams.js';

const startServer = eventStoreDbServers();
const realServer = process.env.EVENTSTORE_URL;
const url = realServer ?? (await startServer()).url;

const openAt = eventStoreDbStores();
const open = (address = url) => openAt(address);

/** Somebody else, who uses the same server in another way. */
const stranger = EventStoreDBClient.connectionString(url);
const strangersStreams: string[] = [];
const strangerAppends = async (events: EventData) => {
  const stream = `stranger-${randomUUID()}`;
  strangersStreams.push(stream);
  await stranger.appendToStream(stream, events);
  return stream;
};
afterAll(async () => {
  for (const stream of strangersStreams) await stranger.deleteStream(stream);
  await stranger.dispose();
  const store = openEventStoreDb({ url });
  await leaveNoStreams(store);
  await store.close();
});

describe('positions of EventStoreDB', () => {
  it('are the same for all who use it', async () => {
    const stream = newStream();
    const { position } = await append(open(), stream, newEvents(3), 'no-stream');
    const other = open();

    const follower = follow(other, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);

    expect(follower.events.at(-1)?.position).toBe(position);
    expect(await other.read(stream)).toEqual(follower.events);
    await follower.stop();
  });

  it.each(['0', '', '12-34', '0000000000000007', '0000000000000000-000000000000000G'])(
    'are refused where they are of another store: "%s"',
    async (after) => {
      await expect(follow(open(), { after }).ended).rejects.toThrow(UnknownPositionError);
    },
  );

  it('are refused where the log does not reach so far', async () => {
    const store = open();
    await append(store, newStream(), newEvents(1));
    const after = '00ffffffffffffff-00ffffffffffffff';

    await expect(follow(store, { after }).ended).rejects.toMatchObject({ position: after });
  });
});

describe('what others do in the same EventStoreDB', () => {
  it('reaches nobody who does not follow its streams', async () => {
    const store = open();
    const stream = newStream();
    await append(store, stream, newEvents(1), 'no-stream');
    await strangerAppends(binaryEvent({ type: 'Blob', data: Buffer.from([1, 2, 3]) }));
    await store.setMetadata(stream, { maxCount: 5 });

    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);
    const { position } = await append(store, stream, newEvents(1), 0);
    await follower.until(hasSeen(position));

    expect(follower.events.map(({ revision }) => revision)).toEqual([0, 1]);
    await follower.stop();
  });

  it('in streams of the system, metadata included, reaches nobody at all', async () => {
    const store = open();
    const { position: after } = await append(store, newStream(), newEvents(1));
    const stream = newStream();
    await append(store, stream, newEvents(1));
    await store.setMetadata(stream, { maxCount: 5 });
    const everything = follow(store, { after });
    const system = follow(store, { after, streamPrefixes: ['$', stream] });

    await Promise.all([everything.until(isCaughtUp), system.until(isCaughtUp)]);

    expect(everything.events.filter((event) => event.stream.startsWith('$'))).toEqual([]);
    expect(everything.events.map((event) => event.stream)).toContain(stream);
    expect(system.events.map((event) => event.stream)).toEqual([stream]);
    await Promise.all([everything.stop(), system.stop()]);
  });

  it.each<[string, EventData]>([
    ['bytes', binaryEvent({ type: 'Blob', data: Buffer.from('{"looks":"like JSON"}') })],
    ['a list', jsonEvent({ type: 'List', data: [1, 2] as never })],
    ['a text', jsonEvent({ type: 'Text', data: 'text' as never })],
    ['nothing', jsonEvent({ type: 'Nothing', data: null as never })],
  ])('is told, not skipped, where it is in a stream of ours, without what it holds: %s', async (_, event) => {
    const store = open();
    const stream = await strangerAppends(event);
    const { type } = event;

    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);

    expect(follower.events).toMatchObject([{ stream, revision: 0, type, data: undefined }]);
    expect(await store.read(stream)).toEqual(follower.events);
    await follower.stop();
  });

  it('to the rights of a stream stays when its metadata are replaced', async () => {
    const store = open();
    const stream = newStream();
    await append(store, stream, newEvents(3), 'no-stream');
    await stranger.setStreamMetadata(stream, { maxCount: 2, owner: 'somebody' });

    await store.setMetadata(stream, { truncateBefore: 2 });

    const { metadata } = await stranger.getStreamMetadata(stream);
    expect(metadata).toEqual({ truncateBefore: 2, owner: 'somebody' });
  });
});

describe('an append to EventStoreDB', () => {
  it('whose events were cut meanwhile answers with its revision, and a position no later one comes before', async () => {
    const store = open();
    const stream = newStream();
    const events = newEvents(2);
    const first = await append(store, stream, events, 'no-stream');
    const later = await append(store, stream, newEvents(2), 1);
    await store.setMetadata(stream, { truncateBefore: 3 });

    const again = await append(store, stream, events, 'no-stream');

    expect(again.revision).toBe(1);
    expect(again.position >= first.position && again.position <= later.position).toBe(true);
    expect(await revisionsOf(store, stream)).toEqual([3]);
  });

  it('says so where its payload is not JSON, and leaves the others alone', async () => {
    const store = open();
    const stream = newStream();

    const outcomes = await Promise.allSettled([
      append(store, stream, [newEvent({ number: 1n })]),
      append(store, stream, newEvents(1)),
    ]);

    expect(outcomes).toMatchObject([
      { reason: expect.any(TypeError) as unknown },
      { value: { revision: 0 } },
    ]);
  });

  it.skipIf(realServer)('is refused where the server takes less than usual', async () => {
    const { url: address } = await startServer({ limitBytes: 10_000 });
    const store = open(address);
    const stream = newStream();

    await expect(append(store, stream, [newEvent({ text: 'x'.repeat(10_000) })])).rejects.toMatchObject({
      name: AppendTooLargeError.name,
      limitBytes: 10_000,
    });

    expect(await append(store, stream, [newEvent({ text: 'x'.repeat(9_000) })])).toMatchObject({
      revision: 0,
    });
  });
});

describe('a stream that somebody else deleted for ever', () => {
  const tombstoned = async (store: EventStore) => {
    const stream = newStream();
    await append(store, stream, newEvents(2), 'no-stream');
    await stranger.tombstoneStream(stream);
    return stream;
  };

  it('reads as empty, from wherever', async () => {
    const store = open();
    const stream = await tombstoned(store);

    expect(await store.read(stream)).toEqual([]);
    expect(await store.read(stream, { fromRevision: 1, limit: 1 })).toEqual([]);
    expect(await store.read(stream, { direction: 'backwards', limit: 1 })).toEqual([]);
  });

  it('may be deleted, and given metadata, and stays as it is', async () => {
    const store = open();
    const stream = await tombstoned(store);

    await store.delete(stream, { expectedRevision: 1 });
    await store.setMetadata(stream, { truncateBefore: 1 });

    expect(await store.read(stream)).toEqual([]);
  });

  it.each([['no-stream'], ['any'], [1]] as const)(
    'takes no events any longer, and says so, whatever is expected: %s',
    async (expectedRevision) => {
      const store = open();
      const stream = await tombstoned(store);
      await append(store, `home.${stream}`, newEvents(1), 'no-stream');
      await stranger.tombstoneStream(`home.${stream}`);

      for (const each of [store, new NamespacedEventStore(store, 'home')]) {
        await expect(append(each, stream, newEvents(1), expectedRevision)).rejects.toMatchObject({
          name: StreamTombstonedError.name,
          message: expect.stringContaining(`Stream ${stream} `) as unknown,
        });
      }
    },
  );

  it('shows in the log what was in it, and nothing of how it ended', async () => {
    const store = open();
    const stream = await tombstoned(store);

    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);

    expect(follower.events.map(({ revision }) => revision)).toEqual([0, 1]);
    await follower.stop();
  });
});

describe('deleting in EventStoreDB', () => {
  it('is seen by all who use it, and so is what begins anew', async () => {
    const [one, other] = [open(), open()];
    const stream = newStream();
    await append(one, stream, newEvents(3), 'no-stream');

    await one.delete(stream, { expectedRevision: 2 });
    expect(await other.read(stream)).toEqual([]);
    await other.delete(stream, { expectedRevision: 0 });

    await append(other, stream, newEvents(1), 'no-stream');
    expect(await revisionsOf(one, stream)).toEqual([3]);
  });
});
