import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allProjections } from '../../projections/all-projections.js';
import { jobsProjection } from '../../projections/jobs-projection.js';
import { OtherLogError } from '../../projections/other-log-error.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const happened = { v: 1, at: '2026-11-24T08:00:00.000Z' } as const;
const request = {
  type: 'SYNC',
  ownerId: 'me',
  budgetId: 'b1',
  input: {},
  plan: [{ step: 1, type: 'SYNC' }],
};
const queued: JobEvent = { type: 'JobQueued', ...happened, request };
const started: readonly JobEvent[] = [
  { type: 'JobStarted', ...happened },
  { type: 'StepStarted', ...happened, step: 1, attempt: 1, runnerId: 'r' },
];
const succeeded: JobEvent = { type: 'JobSucceeded', ...happened };

let folder: string;
let store: EventStore;

beforeEach(async () => {
  folder = tempFolder();
  store = await openSqliteEventStore({ file: `${folder}/events.sqlite` });
});

afterEach(async () => {
  await store.close();
});

describe('the read side', () => {
  it('shows what was in the log before it started, and what comes after', async () => {
    await record(store, 'job-a', queued);
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    expect(readSide.reader.job('me', 'a')).toMatchObject({ status: 'QUEUED' });
    await readSide.projector.caughtUpTo(await record(store, 'job-a', ...started, succeeded));
    expect(readSide.reader.job('me', 'a')).toMatchObject({ status: 'SUCCEEDED' });
    await readSide.close();
  });

  it('applies each event once over restarts', async () => {
    for (const events of [[queued], started, [succeeded]]) {
      await record(store, 'job-a', ...events);
      const readSide = openReadSide(store, folder);
      await readSide.projector.start();
      await readSide.close();
    }
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    expect(readSide.reader.transitions('a').map(({ event }) => event)).toEqual([
      'JobQueued',
      'JobStarted',
      'StepStarted',
      'JobSucceeded',
    ]);
    await readSide.close();
  });

  it('makes one read model of a new version anew from the whole log, and leaves the others alone', async () => {
    await record(store, 'job-a', queued, ...started);
    const before = openReadSide(store, folder);
    await before.projector.start();
    before.database.run("UPDATE jobs SET status = 'WRONG'");
    before.database.run("UPDATE transitions SET message = 'kept'");
    await before.close();

    const newer = { ...jobsProjection, version: jobsProjection.version + 1 };
    const projections = allProjections.map((each) => (each === jobsProjection ? newer : each));
    const after = openReadSide(store, folder, { projections });
    await after.projector.start();
    expect(after.reader.job('me', 'a')).toMatchObject({ status: 'RUNNING' });
    expect(after.reader.transitions('a').map(({ message }) => message)).toEqual(['kept', 'kept', 'kept']);
    await after.close();
  });

  it.each(['', 'not a database at all, but long enough to be looked at as if it were one: '.repeat(20)])(
    'makes everything anew where its file is broken',
    async (content) => {
      await record(store, 'job-a', queued);
      writeFileSync(`${folder}/read-models.sqlite`, content);
      const readSide = openReadSide(store, folder);
      await readSide.projector.start();
      expect(readSide.reader.job('me', 'a')).toMatchObject({ status: 'QUEUED' });
      await readSide.close();
    },
  );

  it('makes everything anew where the log is another one, such as an older copy', async () => {
    await record(store, 'job-a', queued, ...started);
    const before = openReadSide(store, folder);
    await before.projector.start();
    await before.close();
    const restored = await openSqliteEventStore({ file: `${folder}/restored.sqlite` });
    await record(restored, 'job-b', queued);

    const after = openReadSide(restored, folder);
    await after.projector.start();

    expect(after.reader.job('me', 'a')).toBeNull();
    expect(after.reader.transitions('a')).toEqual([]);
    expect(after.reader.job('me', 'b')).toMatchObject({ status: 'QUEUED' });
    await after.close();
    await restored.close();
  });

  describe('where another log has come further than the one that was applied', () => {
    const admitted = { type: 'JobAdmitted', ...happened, jobId: 'a', ownerId: 'me', request } as const;
    let restored: EventStore;

    beforeEach(async () => {
      restored = await openSqliteEventStore({ file: `${folder}/restored.sqlite` });
    });

    afterEach(() => restored.close());

    async function applied(...streams: readonly (readonly [string, ...(JobEvent | LaneEvent)[]])[]) {
      for (const [stream, ...events] of streams) await record(store, stream, ...events);
      const readSide = openReadSide(store, folder);
      await readSide.projector.start();
      await readSide.close();
    }

    it.each([
      ['a stream has other events', ['job-a', queued, ...started]],
      ['a stream ends before', ['job-a', queued]],
      ['a lane is not there', ['job-b', queued]],
    ] as const)('makes everything anew: %s', async (_what, [stream, ...events]) => {
      await applied(['lane-b1', admitted], ['job-a', queued, ...started]);
      await record(restored, stream, ...events);
      for (const other of ['job-x', 'job-y', 'job-z']) await record(restored, other, queued, ...started);

      const readSide = openReadSide(restored, folder);
      await readSide.projector.start();

      expect(readSide.reader.transitions('x')).toHaveLength(3);
      expect(readSide.reader.transitions('a')).toHaveLength(stream === 'job-a' ? events.length : 0);
      await readSide.close();
    });

    it('says so where nothing may be made anew, and leaves the read models as they are', async () => {
      await applied(['lane-b1', admitted], ['job-a', queued, ...started]);
      for (const other of ['job-x', 'job-y', 'job-z']) await record(restored, other, queued, ...started);

      const readSide = openReadSide(restored, folder, { onOtherLog: 'FAIL' });

      await expect(readSide.projector.start()).rejects.toThrow(OtherLogError);
      expect(readSide.reader.job('me', 'a')).toMatchObject({ status: 'RUNNING' });
      await readSide.close();
    });
  });

  it('knows the log again whose jobs were removed and whose lanes were cut since', async () => {
    const admitted = { type: 'JobAdmitted', ...happened, jobId: 'a', ownerId: 'me', request } as const;
    const released = { type: 'JobReleased', ...happened, jobId: 'a' } as const;
    await record(store, 'lane-b1', admitted);
    await record(store, 'job-gone', queued);
    await record(store, 'job-a', queued, ...started);
    const before = openReadSide(store, folder);
    await before.projector.start();
    before.database.run("UPDATE jobs SET status = 'KEPT'");
    await before.close();
    await store.delete('job-gone', { expectedRevision: 0 });
    await record(store, 'lane-b1', released);
    await store.setMetadata('lane-b1', { truncateBefore: 1 });

    const readSide = openReadSide(store, folder);
    await readSide.projector.start();

    expect(readSide.reader.job('me', 'a')).toMatchObject({ status: 'KEPT' });
    await readSide.close();
  });

  it('ignores what is about a job that it does not know', async () => {
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    await readSide.projector.caughtUpTo(await record(store, 'job-a', ...started, succeeded));
    expect(readSide.reader.job('me', 'a')).toBeNull();
    expect(readSide.projector.state.status).toBe('LIVE');
    await readSide.close();
  });

  it('ignores streams that are not ours', async () => {
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    await store.append('billing-1', [{ id: randomUUID(), type: 'Paid', data: {} }], {
      expectedRevision: 'any',
    });
    await readSide.projector.caughtUpTo(await record(store, 'job-a', queued));
    expect(readSide.projector.state.status).toBe('LIVE');
    await readSide.close();
  });

  it.each([
    ['of an unknown type', { type: 'JobPaused', data: { ...happened } }],
    ['of a newer version', { type: 'JobStarted', data: { ...happened, v: 2 } }],
    ['without its fields', { type: 'StepStarted', data: { ...happened } }],
  ])('stops at an event %s, says which, and skips nothing', async (_, event) => {
    await record(store, 'job-a', queued);
    await store.append('job-a', [{ id: randomUUID(), ...event }], { expectedRevision: 'any' });
    const later = await record(store, 'job-b', queued);
    const readSide = openReadSide(store, folder);
    await expect(readSide.projector.start()).rejects.toThrow(`Event 1 of stream job-a (${event.type})`);
    expect(readSide.projector.state).toMatchObject({ status: 'FAILED' });
    await expect(readSide.projector.caughtUpTo(later)).rejects.toThrow('job-a');
    expect(readSide.reader.job('me', 'b')).toBeNull();
    await readSide.close();
  });

  it('leaves nobody waiting when it stops', async () => {
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    const waiting = readSide.projector.caughtUpTo('~');
    await readSide.close();
    await expect(waiting).rejects.toThrow('has stopped');
  });
});
