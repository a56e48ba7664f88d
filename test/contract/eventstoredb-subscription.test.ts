import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventStoreUnavailableError, UnknownPositionError } from '../../src/eventstore/event-store-errors.js';
import { eventStoreDbServers, type EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { Gate } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { append, newEvent, newEvents, newStream } from './contract-events.js';
import { appendNumber, eventStoreDbStores, inTime } from './eventstoredb-stores.js';
import { follow, hasSeen, isCaughtUp, type Follower } from './follow.js';

const startServer = eventStoreDbServers();
const tempFolder = tempFolders();
const open = eventStoreDbStores();

/** A server that keeps its log when it is killed. */
const durableServer = () => startServer({ file: path.join(tempFolder(), 'log') });

const numbersOf = ({ events }: Follower) => events.map(({ data }) => data?.number);
const seen = (count: number) => (follower: Follower) => follower.events.length >= count;

describe('a subscription that breaks off', () => {
  it.each<[string, (server: EventStoreDbServer) => Promise<unknown>]>([
    ['the server drops it', (server) => server.endSubscriptions('dropped')],
    ['the server ends it', (server) => server.endSubscriptions('ended')],
    ['the server ends it in silence', (server) => server.endSubscriptions('reset')],
    ['the connection breaks', (server) => server.onNextAppends('landed')],
    ['the server is killed', (server) => server.kill().then(() => server.restart())],
  ])('goes on where it was, without a gap or a repeat, and is caught up again: %s', async (_, breakOff) => {
    const server = await durableServer();
    const store = open(server.url);
    const stream = newStream();
    const slow = follow(store, { streamPrefixes: [stream], onItem: () => new Promise(setImmediate) });
    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);

    for (let number = 0; number < 300; number++) {
      if (number % 100 === 50) await breakOff(server);
      await appendNumber(store, stream, number);
    }
    await Promise.all([follower.until(seen(300)), slow.until(seen(300))]);
    await follower.until(({ items }) => items.filter(({ kind }) => kind === 'caught-up').length > 1);

    expect(numbersOf(follower)).toEqual([...Array(300).keys()]);
    expect(numbersOf(slow)).toEqual([...Array(300).keys()]);
    await Promise.all([follower.stop(), slow.stop()]);
  });

  it.each<[string, (server: EventStoreDbServer) => Promise<unknown>]>([
    ['the server ends it in silence', (server) => server.endSubscriptions('reset')],
    ['the server is killed', (server) => server.kill().then(() => server.restart())],
  ])('tells so before it is back: %s', async (_, breakOff) => {
    const server = await durableServer();
    const told: string[] = [];
    const follower = follow(open(server.url), {
      onLost: () => told.push('lost'),
      onGap: async () => void told.push('back'),
    });
    await follower.until(isCaughtUp);
    expect(told).toEqual([]);

    await breakOff(server);
    await expect.poll(() => told.at(-1)).toBe('back');
    expect(new Set(told.slice(0, -1))).toEqual(new Set(['lost']));
    await follower.stop();
  });

  it('is missed within 5 s where the server hangs, also if nobody asks for anything', async () => {
    const server = await startServer();
    let tell: (reason: object) => void = () => undefined;
    const told = new Promise<object>((resolve) => (tell = resolve));
    const store = open(server.url, { info: () => undefined, warn: (facts) => tell(facts) });
    const follower = follow(store, {});
    await follower.until(isCaughtUp);

    server.hang();

    expect(await inTime(told)).toEqual({
      reason: 'EventStoreDB could not be reached, or did not answer.',
    });
    server.wake();
    await follower.stop();
  });

  it('goes on also where the server hung, and others appended when it was back', async () => {
    const server = await startServer();
    const store = open(server.url);
    const stream = newStream();
    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(isCaughtUp);
    await appendNumber(store, stream, 0);

    server.hang();
    const next = appendNumber(store, stream, 1);
    await expect(append(store, newStream(), newEvents(1))).rejects.toThrow('did not answer');
    server.wake();
    await next;
    await appendNumber(open(server.url), stream, 2);

    await follower.until(seen(3));
    expect(numbersOf(follower)).toEqual([0, 1, 2]);
    await follower.stop();
  });

  it('ends where the log was restored from an older copy and does not have its position any longer', async () => {
    const file = path.join(tempFolder(), 'log');
    const server = await startServer({ file });
    const store = open(server.url);
    const stream = newStream();
    await append(store, stream, newEvents(1), 'no-stream');
    copyFileSync(file, `${file}-copy`);
    const { position } = await append(store, stream, newEvents(1), 0);
    const follower = follow(store, { streamPrefixes: [stream] });
    await follower.until(hasSeen(position));

    await server.kill();
    copyFileSync(`${file}-copy`, file);
    await server.restart();

    await expect(follower.ended).rejects.toThrow(UnknownPositionError);
    await expect(follower.ended).rejects.toMatchObject({ position });
  });

  it('tells of the gap before it delivers what follows, and of no gap before', async () => {
    const server = await startServer();
    const store = open(server.url);
    const stream = newStream();
    const gate = new Gate();
    let gaps = 0;
    const onGap = () => {
      gaps += 1;
      return gate.pass();
    };
    const follower = follow(store, { streamPrefixes: [stream], onGap });
    await follower.until(isCaughtUp);
    await appendNumber(store, stream, 0);
    await follower.until(seen(1));
    expect(gaps).toBe(0);

    await server.endSubscriptions('dropped');
    await appendNumber(store, stream, 1);
    await gate.reached;
    // Who began later has it.
    const later = follow(store, { streamPrefixes: [stream] });
    await later.until(seen(2));
    expect(numbersOf(follower)).toEqual([0]);

    gate.open();
    await follower.until(seen(2));
    await appendNumber(store, stream, 2);
    await follower.until(seen(3));
    expect(numbersOf(follower)).toEqual([0, 1, 2]);
    expect(gaps).toBe(1);
    await Promise.all([follower.stop(), later.stop()]);
  });

  it.each([
    ['that the log is another one', new UnknownPositionError('0')],
    ['that the store is away', new EventStoreUnavailableError('away')],
  ])('ends where its consumer does not want to go on after the gap: it says %s', async (_, refusal) => {
    const server = await startServer();
    const store = open(server.url);
    let gaps = 0;
    const onGap = () => {
      gaps += 1;
      return Promise.reject(refusal);
    };
    const follower = follow(store, { onGap });
    await follower.until(isCaughtUp);

    await server.endSubscriptions('dropped');

    await expect(follower.ended).rejects.toBe(refusal);
    expect(gaps).toBe(1);
    expect(follower.items).toHaveLength(1);
  });

  it('leaves none behind at the server when it is aborted', async () => {
    const server = await startServer();
    const store = open(server.url);
    const followers = [follow(store, {}), follow(store, {})];
    await Promise.all(followers.map((follower) => follower.until(isCaughtUp)));
    expect(await server.sentToSubscriptions()).toHaveLength(2);

    await Promise.all(followers.map((follower) => follower.stop()));

    await expect.poll(() => server.sentToSubscriptions()).toEqual([]);
  });
});

describe('a subscription to a server of our own', () => {
  it('holds a small part of the history only, however slow its consumer is', async () => {
    const server = await startServer();
    const store = open(server.url);
    const stream = newStream();
    const text = 'x'.repeat(32 * 1024);
    for (let count = 0; count < 600; count += 20) {
      await append(
        store,
        stream,
        Array.from({ length: 20 }, () => newEvent({ text })),
      );
    }

    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const slow = follow(store, { streamPrefixes: [stream], onItem: () => gate });
    await slow.until(({ items }) => items.length === 1);
    const quick = follow(store, { streamPrefixes: [stream] });
    await quick.until(isCaughtUp);

    // Nobody holds more of it than has been sent.
    expect(Math.min(...(await server.sentToSubscriptions()))).toBeLessThan(100);
    expect(slow.items).toHaveLength(1);
    goOn();
    await slow.until(({ events }) => events.length === 600);
    await Promise.all([slow.stop(), quick.stop()]);
  });
});
