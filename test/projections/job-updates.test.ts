import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobView } from '../../projections/job-reader.js';
import { JobUpdates } from '../../projections/job-updates.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const at = '2026-11-24T08:00:00.000Z';
const happened = { v: 1, at } as const;

let store: EventStore;
let readSide: ReturnType<typeof openReadSide>;
let counted: { delivered: number; conflated: number };

beforeEach(async () => {
  const folder = tempFolder();
  store = await openSqliteEventStore({ file: `${folder}/events.sqlite` });
  counted = { delivered: 0, conflated: 0 };
  readSide = openReadSide(store, folder, {
    updatesObserver: {
      delivered: () => (counted.delivered += 1),
      conflated: (updates) => (counted.conflated += updates),
    },
  });
  await readSide.projector.start();
});

afterEach(async () => {
  await readSide.close();
  await store.close();
});

function requestOf(ownerId: string, type = 'SYNC'): JobRequest {
  return { type, ownerId, budgetId: 'b1', input: {}, plan: [{ step: 1, type: 'SYNC' }] };
}

const queued = (ownerId = 'me', type?: string): JobEvent => ({
  type: 'JobQueued',
  ...happened,
  request: requestOf(ownerId, type),
});
const started: readonly JobEvent[] = [
  { type: 'JobStarted', ...happened },
  { type: 'StepStarted', ...happened, step: 1, attempt: 1, runnerId: 'r' },
];
const succeeded: JobEvent = { type: 'JobSucceeded', ...happened };

/** Records events of a job, and resolves when queries show them. */
async function happens(jobId: string, ...events: readonly JobEvent[]): Promise<string> {
  const position = await record(store, `job-${jobId}`, ...events);
  await readSide.projector.caughtUpTo(position);
  return position;
}

async function take(updates: AsyncIterator<JobView>, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value } = (await updates.next()) as IteratorYieldResult<JobView>;
    seen.push(`${value.id} ${value.status}`);
  }
  return seen;
}

describe('jobUpdated', () => {
  it('tells of each change while its subscriber keeps up', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me' });
    await happens('a', queued());
    expect(await take(updates, 1)).toEqual(['a QUEUED']);
    await happens('a', ...started);
    expect(await take(updates, 1)).toEqual(['a RUNNING']);
    expect(counted).toEqual({ delivered: 2, conflated: 0 });
    await updates.return?.();
  });

  it('leaves out states that a slow subscriber missed, and never the last one', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me' });
    await happens('a', queued());
    await happens('b', queued());
    await happens('a', ...started);
    await happens('a', succeeded);
    await happens('theirs', queued('you'));
    await happens('theirs', ...started);
    expect(await take(updates, 2)).toEqual(['b QUEUED', 'a SUCCEEDED']);
    // Those of others were never to be told.
    expect(counted).toEqual({ delivered: 2, conflated: 2 });
    await updates.return?.();
  });

  it('never tells of an older position after a newer one', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me' });
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) await happens(id, queued());
    for (const id of [...ids].reverse()) await happens(id, ...started);
    await happens('b', succeeded);
    const positions: string[] = [];
    for (const _ of ids)
      positions.push(((await updates.next()) as IteratorYieldResult<JobView>).value.position);
    expect(positions).toEqual([...positions].sort());
    await updates.return?.();
  });

  it('begins with the present state of the job that it is asked for', async () => {
    await happens('a', queued(), ...started);
    await happens('b', queued());
    const updates = readSide.updates.subscribe({ ownerId: 'me', jobId: 'a' });
    expect(await take(updates, 1)).toEqual(['a RUNNING']);
    await happens('b', ...started);
    await happens('a', succeeded);
    expect(await take(updates, 1)).toEqual(['a SUCCEEDED']);
    await updates.return?.();
  });

  it('begins with every job that changed after a position, in the order of the changes', async () => {
    await happens('a', queued());
    const position = await happens('b', queued());
    await happens('c', queued());
    await happens('a', ...started);
    const updates = readSide.updates.subscribe({ ownerId: 'me', after: position });
    expect(await take(updates, 2)).toEqual(['c QUEUED', 'a RUNNING']);
    await happens('b', ...started);
    expect(await take(updates, 1)).toEqual(['b RUNNING']);
    await updates.return?.();
  });

  it('tells an owner of their own jobs only, and only of the types asked for', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me', types: ['SYNC'] });
    await happens('x', queued('somebody-else'));
    await happens('y', queued('me', 'SUGGESTIONS_GENERATION'));
    await happens('z', queued('me', 'SYNC'));
    expect(await take(updates, 1)).toEqual(['z QUEUED']);
    await updates.return?.();
  });

  it('tells nothing of a job that has expired meanwhile', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me' });
    await happens('a', queued(), ...started, succeeded, { type: 'JobExpired', ...happened });
    await happens('b', queued());
    expect(await take(updates, 1)).toEqual(['b QUEUED']);
    await updates.return?.();
  });

  it('reads a job once for all who hear of it', async () => {
    await happens('a', queued());
    const subscribers = [1, 2, 3].map(() => readSide.updates.subscribe({ ownerId: 'me' }));
    const heard = subscribers.map((subscriber) => subscriber.next());
    const read = vi.spyOn(readSide.reader, 'jobOfAnyone');
    await happens('a', ...started);
    for (const each of heard) expect((await each).value).toMatchObject({ id: 'a', status: 'RUNNING' });
    expect(read).toHaveBeenCalledTimes(1);
    for (const each of subscribers) await each.return?.();
  });

  it('is right again after a change that could not be read', async () => {
    await happens('a', queued());
    await happens('b', queued());
    const { reader } = readSide;
    const updates = new JobUpdates(reader);
    const subscriber = updates.subscribe({ ownerId: 'me' });
    const [first, second] = [subscriber.next(), subscriber.next()];
    const broken = new Error('The disk is gone');
    const read = vi.spyOn(reader, 'jobOfAnyone').mockImplementation((id) => {
      if (id === 'b') throw broken;
      return reader.job('me', id);
    });
    expect(() => updates.publish(['a', 'b'])).toThrow(broken);
    read.mockRestore();
    expect((await first).value).toMatchObject({ id: 'a', status: 'QUEUED' });

    await happens('a', ...started);
    const later = updates.subscribe({ ownerId: 'me', jobId: 'a' });
    expect(await take(later, 1)).toEqual(['a RUNNING']);
    updates.publish(['a']);
    expect((await second).value).toMatchObject({ id: 'a', status: 'RUNNING' });
    for (const each of [subscriber, later]) await each.return?.();
  });

  it('ends for a subscriber that waits, and is then forgotten', async () => {
    const updates = readSide.updates.subscribe({ ownerId: 'me' });
    const waiting = updates.next();
    expect(readSide.updates.subscriberCount).toBe(1);
    await updates.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await updates.next()).toEqual({ done: true, value: undefined });
    expect(readSide.updates.subscriberCount).toBe(0);
  });
});
