import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat } from '../../src/application/heartbeat.js';
import { RunnerStreams } from '../../src/application/runner-streams.js';
import { runnerStream } from '../../src/domain/streams.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore, landedUnnoticed, lost } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const parts: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of parts.splice(0).reverse()) await part.stop();
});

const runnerId = 'a-runner';
const intervalMs = 5;

async function openStore(): Promise<FaultyEventStore> {
  const store = new FaultyEventStore(
    await openSqliteEventStore({ file: path.join(folder(), 'events.sqlite') }),
  );
  parts.push({ stop: () => store.close() });
  return store;
}

/** The heartbeat of a process, which runs until it is found to be a twin, or the test ends. */
function heartbeat(store: FaultyEventStore, bootId: string, holdsClaims = () => false) {
  const twins: unknown[] = [];
  const errors: object[] = [];
  const beating = new Heartbeat({
    runnerId,
    bootId,
    streams: new RunnerStreams(store),
    intervalMs,
    holdsClaims,
    onTwin: (error) => twins.push(error),
    now: () => '2026-01-01T00:00:00.000Z',
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (facts) => errors.push(facts),
    },
  });
  parts.push(beating);
  return { beating, twins, errors };
}

const beats = (store: FaultyEventStore) => store.read(runnerStream(runnerId));
const lastBoot = async (store: FaultyEventStore) => (await beats(store)).at(-1)?.data?.bootId;
const beatsTried = (store: FaultyEventStore) => store.tried.length;

describe('a heartbeat', () => {
  it('begins with one beat, whose position tells claims of a former life from later ones', async () => {
    const store = await openStore();
    const { beating } = heartbeat(store, 'one');
    const position = await beating.start();
    expect(await beats(store)).toMatchObject([
      { position, data: { bootId: 'one', generation: 1, latest: 1 } },
    ]);
  });

  it('goes on only while the runner holds a claim, and only the last beat is kept', async () => {
    const store = await openStore();
    let holdsClaims = false;
    const { beating } = heartbeat(store, 'one', () => holdsClaims);
    await beating.start();
    holdsClaims = true;
    await expect.poll(() => beatsTried(store)).toBeGreaterThan(3);
    expect(await beats(store)).toHaveLength(1);
    holdsClaims = false;
    await beating.stop();
    const last = (await beats(store)).at(-1)?.revision ?? 0;
    expect(last).toBeGreaterThanOrEqual(3);
  });

  it('goes on after the store was away', async () => {
    const store = await openStore();
    const { beating, errors } = heartbeat(store, 'one', () => true);
    await beating.start();
    store.cutOff();
    await expect.poll(async () => beatsTried(store)).toBeGreaterThan(0);
    store.reconnect();
    const before = beatsTried(store);
    await expect.poll(() => beatsTried(store)).toBeGreaterThan(before + 2);
    expect(errors).toEqual([]);
  });

  it('does not take itself for another where a beat landed and nobody said so', async () => {
    const store = await openStore();
    const { beating, twins } = heartbeat(store, 'one', () => true);
    store.onAppendOf('RunnerBeat', landedUnnoticed);
    await beating.start();
    store.onAppendOf('RunnerBeat', lost);
    store.onAppendOf('RunnerBeat', landedUnnoticed);
    await expect.poll(() => beatsTried(store)).toBeGreaterThan(6);
    expect(twins).toEqual([]);
  });
});

describe('two processes with one runner id', () => {
  it('find out, also where neither holds a claim: the one that booted later has to end, the other goes on', async () => {
    const store = await openStore();
    const earlier = heartbeat(store, 'earlier');
    await earlier.beating.start();
    const later = heartbeat(store, 'later');
    await later.beating.start();
    await expect.poll(() => later.twins).toHaveLength(1);
    expect(later.twins[0]).toMatchObject({
      code: 'COPIED_DATA_DIR',
      message: expect.stringMatching(
        /^Another server that runs already has the same file runner-id/,
      ) as string,
    });
    expect(earlier.twins).toEqual([]);
    expect(await lastBoot(store)).toBe('earlier');
  });

  it('find out, though the earlier one was started again and again', async () => {
    const store = await openStore();
    for (const boot of ['first', 'second', 'third']) {
      const { beating } = heartbeat(store, boot);
      await beating.start();
      await beating.stop();
    }
    const earlier = heartbeat(store, 'earlier');
    await earlier.beating.start();
    for (const boot of ['copy', 'copy again']) {
      const later = heartbeat(store, boot);
      await later.beating.start();
      await expect.poll(() => later.twins).toHaveLength(1);
      await later.beating.stop();
    }
    expect(earlier.twins).toEqual([]);
  });

  it('booting at the same moment are told apart all the same', async () => {
    const store = await openStore();
    const both = [heartbeat(store, 'one'), heartbeat(store, 'other')];
    await Promise.all(both.map(({ beating }) => beating.start()));
    await expect.poll(() => both.flatMap(({ twins }) => twins)).toHaveLength(1);
  });

  it('are none where the store was restored from an older copy, which knows who lived before', async () => {
    const store = await openStore();
    const former = heartbeat(store, 'former');
    await former.beating.start();
    await former.beating.stop();
    const copied = await beats(store);
    const { beating, twins } = heartbeat(store, 'one');
    await beating.start();
    const read = vi.spyOn(store, 'read').mockImplementation(() => Promise.resolve(copied));
    await expect.poll(() => beatsTried(store)).toBeGreaterThan(2);
    read.mockRestore();

    expect(twins).toEqual([]);
    await expect.poll(() => lastBoot(store)).toBe('one');
  });

  it('are none where the process before is gone', async () => {
    const store = await openStore();
    const before = heartbeat(store, 'before');
    await before.beating.start();
    await before.beating.stop();
    const { beating, twins } = heartbeat(store, 'after', () => true);
    await beating.start();
    const tried = beatsTried(store);
    await expect.poll(() => beatsTried(store)).toBeGreaterThan(tried + 3);
    expect(twins).toEqual([]);
    expect((await beats(store)).at(-1)?.data).toMatchObject({ bootId: 'after', generation: 2, latest: 2 });
  });
});
