import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import {
  EventStoreUnavailableError,
  UnknownPositionError,
  WrongExpectedRevisionError,
} from '../../src/eventstore/event-store-errors.js';
import { prepareDatabase } from '../../src/eventstore/sqlite/database.js';
import { openSqliteEventStore, SqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { append, newEvent, newEvents, revisionsOf } from './contract-events.js';
import { eventStoreProcesses } from './event-store-process.js';
import { follow, isCaughtUp } from './follow.js';

const tempFolder = tempFolders();
const newFile = () => path.join(tempFolder(), 'events.sqlite');
const startProcess = eventStoreProcesses();

const stores: EventStore[] = [];
const open = async (file: string) => {
  const store = await openSqliteEventStore({ file });
  stores.push(store);
  return store;
};
/** Cannot grow beyond `pages` of 4 KiB, as if the disk were full; see `database`. */
const openWithin = (pages: number) => {
  const database = new Database(newFile());
  prepareDatabase(database);
  database.pragma(`max_page_count = ${pages}`);
  const store = new SqliteEventStore(database, () => undefined);
  stores.push(store);
  return { store, database };
};
afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));

/** Counts how often other work could have had its turn of the event loop. */
function countTurns() {
  let turns = 0;
  const take = () => {
    turns += 1;
    next = setImmediate(take);
  };
  let next = setImmediate(take);
  return {
    stop: () => {
      clearImmediate(next);
      return turns;
    },
  };
}

describe('a file from before events had metadata', () => {
  it('keeps its events, and takes metadata from then on; older versions can still append to it', async () => {
    const file = newFile();
    const first = await open(file);
    await append(first, 'job-1', [newEvent({ n: 1 })]);
    await first.close();
    const older = new Database(file);
    older.exec('ALTER TABLE events DROP COLUMN metadata');
    older.close();

    const store = await open(file);
    const metadata = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await append(store, 'job-1', [{ ...newEvent({ n: 2 }), metadata }]);
    await store.close();
    const again = new Database(file);
    // As they do it: without naming what they do not know.
    again.exec(`INSERT INTO events (stream, revision, id, type, data, expected_any)
      SELECT id, 2, 'e3', 'SomethingHappened', '{"n":3}', 1 FROM streams`);
    again.close();

    const events = await (await open(file)).read('job-1');
    expect(events.map(({ data }) => data?.n)).toEqual([1, 2, 3]);
    expect(events.map((event) => event.metadata)).toEqual([undefined, metadata, undefined]);
  });
});

describe('the commits of the SQLite event store', () => {
  it('come before the acknowledgement, as another connection sees, and are shared by a turn of the event loop', async () => {
    const file = newFile();
    const store = await open(file);
    const reader = new Database(file, { readonly: true });
    const count = reader.prepare('SELECT count(*) FROM events').pluck();

    const appends = newEvents(100).map((event, index) => append(store, `stream-${index}`, [event]));
    expect(count.get()).toBe(0);
    await appends[0];

    expect(count.get()).toBe(100);
    await Promise.all(appends);
    reader.close();
  });

  it('wait for the disk each time', () => {
    const database = new Database(newFile());
    prepareDatabase(database);

    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    database.close();
  });

  it('lose nothing acknowledged where the process is killed while it appends', async () => {
    const file = newFile();
    const writer = startProcess(file, 'some-stream');
    await writer.written(500);
    await writer.kill();
    const [first, ...acknowledged] = writer.lines;
    expect(first).toBe('open');

    const revisions = await revisionsOf(await open(file), 'some-stream');

    expect(revisions).toEqual([...revisions.keys()]);
    // The last line may have been cut off.
    expect(revisions).toEqual(expect.arrayContaining(acknowledged.slice(0, -1).map(Number)));
  });

  it('leave the other work of the process its turn between two groups, however many appends wait', async () => {
    const store = await open(newFile());
    const turns = countTurns();

    await Promise.all(newEvents(2000).map((event) => append(store, 'some-stream', [event])));

    expect(turns.stop()).toBeGreaterThan(2);
    expect(await revisionsOf(store, 'some-stream')).toEqual([...Array(2000).keys()]);
  });

  it('are made for what still waits when the store is closed', async () => {
    const file = newFile();
    const store = await open(file);
    const appends = newEvents(2000).map((event) => append(store, 'some-stream', [event]));

    await store.close();

    expect(await Promise.all(appends)).toHaveLength(2000);
    expect(await revisionsOf(await open(file), 'some-stream')).toHaveLength(2000);
  });
});

describe('a fault of the storage', () => {
  const large = newEvent({ text: 'x'.repeat(1024 * 1024) });

  it('undoes the whole turn where SQLite gives it up, and tells everybody', async () => {
    const { store } = openWithin(100);

    const outcomes = await Promise.allSettled([
      append(store, 'one', newEvents(2), 'no-stream'),
      append(store, 'other', [newEvent(), large], 'no-stream'),
      append(store, 'one', newEvents(1), 7),
    ]);

    const unavailable = { reason: expect.any(EventStoreUnavailableError) as unknown };
    expect(outcomes).toMatchObject([unavailable, unavailable, unavailable]);
    expect(await store.read('one')).toEqual([]);
    expect(await store.read('other')).toEqual([]);
  });

  it('is over when there is room again: the same append is taken', async () => {
    const { store, database } = openWithin(100);
    await expect(append(store, 'some-stream', [large], 'no-stream')).rejects.toThrow(
      'The disk that holds the event store is full.',
    );

    database.pragma('max_page_count = 1000');

    expect(await append(store, 'some-stream', [large], 'no-stream')).toMatchObject({ revision: 0 });
    expect((await store.read('some-stream'))[0]?.id).toBe(large.id);
  });

  it('is told where another program holds the file, and over when it lets go', async () => {
    const file = newFile();
    const store = await open(file);
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');

    await expect(append(store, 'some-stream', newEvents(1))).rejects.toThrow(EventStoreUnavailableError);

    other.close();
    expect(await append(store, 'some-stream', newEvents(1))).toMatchObject({ revision: 0 });
  });

  it('is told where the file turns out to be damaged', async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file });
    await append(store, 'some-stream', newEvents(2000));
    await store.close();
    // All but the description of the tables.
    writeFileSync(file, readFileSync(file).fill(0xaa, 8 * 4096));

    const damaged = await open(file);

    await expect(damaged.read('some-stream')).rejects.toThrow('The file of the event store is damaged.');
    await expect(follow(damaged, {}).ended).rejects.toThrow(EventStoreUnavailableError);
  });
});

describe('what somebody else wrote into the file of the SQLite event store', () => {
  it.each(['[1]', '3', 'null', '{"broken":', ''])('is told, without what it holds: %s', async (text) => {
    const file = newFile();
    const store = await open(file);
    const stream = 'some-stream';
    await append(store, stream, newEvents(2), 'no-stream');
    const other = new Database(file);
    other.prepare('UPDATE events SET data = ? WHERE revision = 0').run(text);
    other.close();

    const follower = follow(store, {});
    await follower.until(isCaughtUp);

    expect(follower.events).toMatchObject([
      { revision: 0, data: undefined },
      { revision: 1, data: { number: 1 } },
    ]);
    expect(await store.read(stream)).toEqual(follower.events);
    await follower.stop();
  });
});

describe('an append that cannot be written', () => {
  it('undoes itself only, not the others of its turn', async () => {
    const store = await open(newFile());
    const malformed = { ...newEvent(), type: undefined as unknown as string };

    const outcomes = await Promise.allSettled([
      append(store, 'one', newEvents(2), 'no-stream'),
      append(store, 'other', [newEvent(), malformed], 'no-stream'),
      append(store, 'one', newEvents(1), 1),
      append(store, 'one', newEvents(1), 7),
    ]);

    expect(outcomes).toMatchObject([
      { value: { revision: 1 } },
      { reason: { code: 'SQLITE_CONSTRAINT_NOTNULL' } },
      { value: { revision: 2 } },
      { reason: expect.any(WrongExpectedRevisionError) as unknown },
    ]);
    expect(await revisionsOf(store, 'one')).toEqual([0, 1, 2]);
    expect(await store.read('other')).toEqual([]);
  });

  it('says so where its payload is not JSON', async () => {
    const store = await open(newFile());

    await expect(append(store, 'some-stream', [newEvent({ number: 1n })])).rejects.toThrow(TypeError);

    expect(await append(store, 'some-stream', newEvents(1))).toMatchObject({ revision: 0 });
  });
});

describe('what is gone from the SQLite event store', () => {
  it('makes room for what comes', async () => {
    const file = newFile();
    const store = await open(file);
    const rounds = async (count: number) => {
      for (let round = 0; round < count; round++) {
        const stream = `stream-${round}`;
        await append(store, stream, [newEvent({ text: 'x'.repeat(200_000) })], 'any');
        await store.setMetadata('limited', { maxCount: 1 });
        await append(store, 'limited', [newEvent({ text: 'x'.repeat(200_000) })], 'any');
        const [last] = await store.read(stream);
        await store.delete(stream, { expectedRevision: last?.revision ?? 0 });
      }
    };
    await rounds(10);
    const before = statSync(file).size;

    await rounds(40);

    expect(statSync(file).size).toBeLessThan(before + 500_000);
  });

  it('leaves its positions unused, after the store was opened again, too', async () => {
    const file = newFile();
    const store = await open(file);
    const deleted = await append(store, 'some-stream', newEvents(3));
    await store.delete('some-stream', { expectedRevision: 2 });
    await store.close();

    const { position } = await append(await open(file), 'other-stream', newEvents(1));

    expect(position > deleted.position).toBe(true);
  });

  it('is at no revision any longer', async () => {
    const store = await open(newFile());
    await append(store, 'some-stream', newEvents(3));
    await store.delete('some-stream', { expectedRevision: 2 });

    await expect(append(store, 'some-stream', newEvents(1), 2)).rejects.toThrow(WrongExpectedRevisionError);
  });
});

describe('a subscription of the SQLite event store', () => {
  it('holds a small part of the history only, however slow its consumer is', async () => {
    const file = newFile();
    const store = await open(file);
    for (let megabyte = 0; megabyte < 64; megabyte++) {
      await append(store, 'some-stream', [newEvent({ text: 'x'.repeat(1024 * 1024) })]);
    }
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;

    let goOn: () => void = () => undefined;
    const slow = follow(store, { onItem: () => new Promise((resolve) => (goOn = resolve)) });
    await slow.until(({ items }) => items.length === 1);
    collectGarbage();

    expect(process.memoryUsage().heapUsed - before).toBeLessThan(16 * 1024 * 1024);
    const stopped = slow.stop();
    goOn();
    await stopped;
  });

  it('leaves the others their turn while it reads a long history without waiting', async () => {
    const store = await open(newFile());
    await append(store, 'some-stream', newEvents(5000));
    const turns = countTurns();

    const follower = follow(store, { streamPrefixes: ['nothing-'] });
    await follower.until(isCaughtUp);

    expect(turns.stop()).toBeGreaterThan(5);
    await follower.stop();
  });

  it.each(['0', '', '12-34', '0000000000000007'])(
    'is refused after a position that is not of its log: "%s"',
    async (after) => {
      const store = await open(newFile());
      await append(store, 'some-stream', newEvents(6));

      await expect(follow(store, { after }).ended).rejects.toThrow(UnknownPositionError);
    },
  );
});
