import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { EventStoreOpenError, EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { canMountDisks, fillUp, withDisk } from '../support/small-disk.js';
import { tempFolders } from '../support/temp-folder.js';
import { append, newEvent, newEvents, revisionsOf } from './contract-events.js';
import { eventStoreProcesses } from './event-store-process.js';
import { follow, isCaughtUp } from './follow.js';

const tempFolder = tempFolders();
const newFile = () => path.join(tempFolder(), 'events.sqlite');
const startProcess = eventStoreProcesses();

/** The sentence that an attempt to open the file ends with. */
async function refusal(file: string): Promise<string> {
  const error: unknown = await openSqliteEventStore({ file }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EventStoreOpenError);
  return (error as EventStoreOpenError).message;
}

/** The superuser may write everywhere. */
async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  const isSuperuser = process.getuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
}

describe('opening a file', () => {
  it('makes it where there is none, its folder too', async () => {
    const file = path.join(tempFolder(), 'new', 'folder', 'events.sqlite');

    const store = await openSqliteEventStore({ file });
    await append(store, 'some-stream', newEvents(1));
    await store.close();

    const again = await openSqliteEventStore({ file });
    expect(await revisionsOf(again, 'some-stream')).toEqual([0]);
    await again.close();
  });
});

describe('a file in use', () => {
  it('is refused to a second process, with a sentence that says what to do', async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file });

    const second = startProcess(file);
    await second.written(1);

    expect(second.lines).toEqual([
      `EventStoreOpenError: The folder ${path.dirname(file)} is in use by another process. ` +
        'Stop that process, or use another folder.',
    ]);
    expect(await append(store, 'some-stream', newEvents(1))).toMatchObject({ revision: 0 });
    await store.close();
  });

  it('is refused while another process has it, and free as soon as that one was killed', async () => {
    const file = newFile();
    const holder = startProcess(file);
    await holder.written(1);
    expect(holder.lines).toEqual(['open']);
    expect(await refusal(file)).toContain('is in use by another process');

    await holder.kill();

    const store = await openSqliteEventStore({ file });
    await store.close();
  });

  it('is refused a second time within one process, and free again after it was closed', async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file });
    expect(await refusal(file)).toContain('is in use by another process');

    await store.close();

    await (await openSqliteEventStore({ file })).close();
  });
});

describe('a file that cannot be used', () => {
  const damage = 'is damaged, or is not an event store. Restore it from a backup';

  /** A closed event store with some events. */
  const usedFile = async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file });
    await append(store, 'some-stream', newEvents(100));
    await store.close();
    return file;
  };

  it('is refused and left alone where a newer version wrote it', async () => {
    const file = await usedFile();
    const db = new Database(file);
    db.pragma('user_version = 2');
    db.close();
    const before = readFileSync(file);

    expect(await refusal(file)).toBe(
      `The event store ${file} was written by a newer version. ` +
        `Install that version again, or use another folder than ${path.dirname(file)}.`,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('is refused and left alone where it is not a database', async () => {
    const file = newFile();
    writeFileSync(file, 'Dear diary, '.repeat(1000));

    expect(await refusal(file)).toBe(
      `The event store ${file} is damaged, or is not an event store. Restore it from a backup ` +
        `(\`npm run restore -- FILE\`), or move its folder (${path.dirname(file)}) away to begin with an empty one.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('Dear diary, '.repeat(1000));
  });

  it('is refused and left alone where it is the database of another program', async () => {
    const file = newFile();
    const db = new Database(file);
    db.exec('CREATE TABLE accounts (id TEXT)');
    db.close();
    const before = readFileSync(file);

    expect(await refusal(file)).toContain(damage);
    expect(readFileSync(file)).toEqual(before);
  });

  it('is refused where its description of the tables is damaged', async () => {
    const file = await usedFile();
    const content = readFileSync(file);
    writeFileSync(file, content.fill(0xaa, 100, 4096));

    expect(await refusal(file)).toContain(damage);
  });

  it('is refused where the folder may not be written to', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o555);

    const sentence = await asNobody(() => refusal(path.join(folder, 'events.sqlite')));

    expect(sentence).toBe(
      `The folder ${folder} or the event store in it cannot be written. ` +
        'Make it a folder that the user of this process may write to, or use another one.',
    );
  });

  it('is refused where only the file may not be written to', async () => {
    const file = await usedFile();
    chmodSync(path.dirname(file), 0o777);
    chmodSync(`${file}-lock`, 0o666);
    chmodSync(file, 0o444);

    expect(await asNobody(() => refusal(file))).toContain('cannot be written');
  });

  it('is refused where its folder is a file, or it is a folder itself', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'file'), '');
    mkdirSync(path.join(folder, 'events.sqlite'));

    expect(await refusal(path.join(folder, 'file', 'events.sqlite'))).toContain('cannot be written');
    expect(await refusal(path.join(folder, 'file', 'more', 'events.sqlite'))).toContain('cannot be written');
    expect(await refusal(path.join(folder, 'events.sqlite'))).toContain('cannot be written');
  });

  it('can be opened after it was refused and put right', async () => {
    const file = await usedFile();
    const content = readFileSync(file);
    writeFileSync(file, Buffer.from(content).fill(0xaa, 100, 4096));
    await refusal(file);

    writeFileSync(file, content);

    const store = await openSqliteEventStore({ file });
    expect(await revisionsOf(store, 'some-stream')).toHaveLength(100);
    await store.close();
  });
});

describe.skipIf(!canMountDisks)('on a disk that is full, which only who may mount disks can try,', () => {
  it.each([
    ['new', false],
    ['used', true],
  ])('a %s file is refused with a sentence that says what to do', async (_, isUsed) => {
    await withDisk('size=1m', async (folder) => {
      const file = path.join(folder, 'events.sqlite');
      if (isUsed) await (await openSqliteEventStore({ file })).close();
      fillUp(folder);

      expect(await refusal(file)).toBe(
        `The disk that holds ${folder} is full. Make room on it, then start again.`,
      );
    });
  });

  it('appends are refused, nothing half-written, and taken again when there is room', async () => {
    await withDisk('size=1m', async (folder) => {
      const store = await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') });
      await append(store, 'stream', largeEvents());
      const makeRoom = fillUp(folder);
      const events = largeEvents();
      const appending = () => append(store, 'stream', events, 19);

      for (let attempt = 1; attempt <= 2; attempt++) {
        await expect(appending()).rejects.toThrow(
          new EventStoreUnavailableError('The disk that holds the event store is full.'),
        );
      }
      expect(await store.read('stream')).toHaveLength(20);

      makeRoom();
      await appending();

      const ids = (await store.read('stream')).map(({ id }) => id);
      expect(ids.slice(20)).toEqual(events.map(({ id }) => id));
      const follower = follow(store, {});
      await follower.until(isCaughtUp);
      expect(follower.events.map(({ id }) => id)).toEqual(ids);
      await follower.stop();
      await store.close();
    });
  });
});

/** More than a megabyte has room for twice. */
const largeEvents = () => Array.from({ length: 20 }, () => newEvent({ text: 'x'.repeat(4_000) }));
