import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { eventStoreDbServers, type EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { tempFolders } from '../support/temp-folder.js';
import { append, newEvents, newStream, revisionsOf } from './contract-events.js';
import { appendNumber, eventStoreDbStores, inTime } from './eventstoredb-stores.js';
import { follow, hasSeen, isCaughtUp } from './follow.js';

const startServer = eventStoreDbServers();
const tempFolder = tempFolders();
const open = eventStoreDbStores();

/** A server that keeps its log when it is killed. */
const durableServer = () => startServer({ file: path.join(tempFolder(), 'log') });

describe('an append whose outcome is unknown', () => {
  it.each([
    ['landed, and the connection broke before the answer', 'landed'],
    ['never came in, as the connection broke', 'lost'],
    ['never came in, as the server ended the call in silence', 'reset'],
  ] as const)('is told, and lands once where it is repeated: it %s', async (_, course) => {
    const server = await startServer();
    const store = open(server.url);
    const stream = newStream();
    await append(store, stream, newEvents(1), 'no-stream');
    await server.onNextAppends(course);
    const events = newEvents(2, 1);

    await expect(append(store, stream, events, 0)).rejects.toThrow(EventStoreUnavailableError);

    expect(await append(store, stream, events, 0)).toMatchObject({ revision: 2 });
    expect(await revisionsOf(store, stream)).toEqual([0, 1, 2]);
  });

  it('is that of each that was under way when the server was killed; all of them land, once', async () => {
    const server = await durableServer();
    const store = open(server.url);
    const streams = Array.from({ length: 200 }, () => newStream());
    await Promise.all(streams.map((stream) => appendNumber(store, stream, 0)));

    const underWay = streams.map((stream) => appendNumber(store, stream, 1));
    await server.kill();
    await server.restart();

    expect((await Promise.all(underWay)).map(({ revision }) => revision)).toEqual(streams.map(() => 1));
    for (const stream of streams) {
      expect((await store.read(stream)).map(({ data }) => data?.number)).toEqual([0, 1]);
    }
  });

  it('of a stream that was deleted and begun anew is found out, too', async () => {
    const server = await startServer();
    const store = open(server.url);
    const stream = newStream();
    await append(store, stream, newEvents(3), 'no-stream');
    await store.delete(stream, { expectedRevision: 2 });
    await server.onNextAppends('landed');
    const events = newEvents(2, 3);

    await expect(append(store, stream, events, 'no-stream')).rejects.toThrow(EventStoreUnavailableError);

    expect(await append(store, stream, events, 'no-stream')).toMatchObject({ revision: 4 });
    expect(await revisionsOf(store, stream)).toEqual([3, 4]);
  });
});

const away = 'could not be reached, or did not answer.';

describe('a server that does not do what it is asked for', () => {
  const whatIsAsked = (
    store: EventStore,
    stream: string,
  ): readonly (readonly [string, Promise<unknown>])[] => [
    ['append', append(store, stream, newEvents(1), 0)],
    ['read', store.read(stream)],
    ['delete', store.delete(stream, { expectedRevision: 0 })],
    ['setMetadata', store.setMetadata(stream, { maxCount: 2 })],
  ];
  const refusals = async (store: EventStore, stream: string) => {
    const asked = whatIsAsked(store, stream).map(async ([what, answer]) => {
      const error: unknown = await answer.catch((reason: unknown) => reason);
      return `${what}: ${error instanceof EventStoreUnavailableError ? error.message : String(error)}`;
    });
    return Promise.all(asked);
  };
  const each = (sentence: string) =>
    ['append', 'read', 'delete', 'setMetadata'].map((what) => `${what}: ${sentence}`);

  it.each<[string, string, (server: EventStoreDbServer) => unknown, (server: EventStoreDbServer) => unknown]>(
    [
      ['is gone', away, (server) => server.kill(), (server) => server.restart()],
      ['is not ready', 'is not ready.', (server) => server.becomeUnready(), (server) => server.becomeReady()],
      ['hangs', away, (server) => server.hang(), (server) => server.wake()],
    ],
  )('is told to whoever asks, within 5 s, and is asked again when it is back: it %s', async (...row) => {
    const [, sentence, falter, recover] = row;
    const server = await durableServer();
    const store = open(server.url);
    const stream = newStream();
    await append(store, stream, newEvents(1), 'no-stream');

    await falter(server);
    expect(await inTime(refusals(store, stream))).toEqual(each(`EventStoreDB ${sentence}`));

    await recover(server);
    await store.setMetadata(stream, { maxCount: 1 });
    const { revision = -1 } = (await store.read(stream)).at(-1) ?? {};
    expect(await append(store, stream, newEvents(1), revision)).toMatchObject({ revision: revision + 1 });
    await store.delete(stream, { expectedRevision: revision + 1 });
    expect(await store.read(stream)).toEqual([]);
  });

  it('is told within 5 s also where it hung before anybody came', async () => {
    const server = await durableServer();
    server.hang();
    const store = open(server.url);
    const stream = newStream();

    const underWay = [append(store, stream, newEvents(1), 'no-stream'), store.read(stream)];
    const outcomes = await inTime(Promise.allSettled(underWay));

    const told = { reason: expect.objectContaining({ message: `EventStoreDB ${away}` }) as unknown };
    expect(outcomes).toMatchObject([told, told]);
    server.wake();
    await appendNumber(store, stream, 0);
  });

  it('may be the last node of a cluster: all that were asked are told, and the first to be back is asked', async () => {
    const server = await durableServer();
    const store = open(`esdb://127.0.0.1:${server.port},127.0.0.1:1?tls=false&maxDiscoverAttempts=1`);
    const stream = newStream();
    await appendNumber(store, stream, 0);
    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);

    const underWay = Promise.allSettled(
      [1, 2, 3].flatMap(() => [store.read(stream), append(store, newStream(), newEvents(1))]),
    );
    await server.kill();
    await underWay;
    await expect(store.read(stream)).rejects.toThrow(EventStoreUnavailableError);
    await server.restart();

    await appendNumber(store, stream, 1);
    await follower.until(({ events }) => events.length === 2);
    await follower.stop();
  });

  it('is logged once when it goes, and once when it is back', async () => {
    const server = await durableServer();
    const logged: string[] = [];
    const store = open(server.url, {
      info: () => undefined,
      warn: (facts, message) => logged.push(`${message} ${JSON.stringify(facts)}`),
    });
    await store.read(newStream());
    await server.becomeUnready();

    for (let time = 0; time < 3; time++) await expect(store.read(newStream())).rejects.toThrow('not ready');
    // The same outage, though for another reason.
    await server.kill();
    await expect(store.read(newStream())).rejects.toThrow('could not be reached');
    await server.restart();
    await server.becomeReady();
    await vi.waitFor(() => store.read(newStream()), { timeout: 10_000 });
    for (let time = 0; time < 3; time++) await store.read(newStream());

    expect(logged).toEqual([
      'EventStoreDB cannot be used; it is tried again {"reason":"EventStoreDB is not ready."}',
      'EventStoreDB is back {}',
    ]);
  });

  it('is not the leader: the one that it names is asked next', async () => {
    const [server, leader] = await Promise.all([startServer(), startServer()]);
    const store = open(server.url);
    await server.referTo({ host: '127.0.0.1', port: leader.port });
    const stream = newStream();

    await expect(append(store, stream, newEvents(1), 'no-stream')).rejects.toThrow(
      'EventStoreDB is not ready.',
    );
    await appendNumber(store, stream, 0);

    expect(await revisionsOf(open(leader.url), stream)).toEqual([0]);
  });

  it('does not keep the store from being closed: what hangs is answered', async () => {
    const server = await startServer();
    const store = open(server.url);
    await append(store, newStream(), newEvents(1));
    const follower = follow(store, {});
    await follower.until(isCaughtUp);
    server.hang();
    const underWay = Promise.allSettled([append(store, newStream(), newEvents(1)), store.read(newStream())]);

    await inTime(store.close());

    const closed = { reason: expect.objectContaining({ message: 'The event store is closed.' }) as unknown };
    expect(await underWay).toMatchObject([closed, closed]);
    await follower.ended;
  });

  it('need not be there when the store is opened', async () => {
    const server = await durableServer();
    await server.kill();
    const store = open(server.url);
    const stream = newStream();
    const follower = follow(store, { streamPrefixes: [stream] });
    await expect(store.read(stream)).rejects.toThrow(EventStoreUnavailableError);
    await expect(append(store, stream, newEvents(1), 'no-stream')).rejects.toThrow(
      EventStoreUnavailableError,
    );

    await server.restart();

    await follower.until(isCaughtUp);
    const { position } = await appendNumber(store, stream, 0);
    await follower.until(hasSeen(position));
    await follower.stop();
  });
});
