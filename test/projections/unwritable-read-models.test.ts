import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { owner, queued, started, syncRequest } from '../support/job-history.js';
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
let folder: string;
let store: EventStore;
let side: ReturnType<typeof openReadSide>;

beforeEach(async () => {
  folder = tempFolder();
  store = await openSqliteEventStore({ file: `${folder}/events.sqlite` });
  side = openReadSide(store, folder);
  await side.projector.start();
  await record(store, jobStream('a'), queued(syncRequest));
  await expect.poll(() => side.reader.job(owner, 'a')?.status).toBe('QUEUED');
});

afterEach(async () => {
  await side.close();
  await store.close();
});

/** As if the disk were full, or as if there were room again. */
const limitTo = (pages: number) => side.database.all(`PRAGMA max_page_count = ${pages}`);

const isFull = {
  status: 'FAILED',
  error: {
    message:
      'The disk that holds the read models is full. They go on by themselves as soon as they can be written.',
  },
};

/** More than fits onto the pages that there are. */
async function recordManyJobs(): Promise<void> {
  for (let n = 0; n < 200; n++) await record(store, jobStream(`many-${n}`), queued(syncRequest), started());
}

describe('a disk that is full while events are applied', () => {
  beforeEach(async () => {
    limitTo(1);
    await recordManyJobs();
    await expect.poll(() => side.projector.state).toMatchObject(isFull);
  });

  it('leaves what was shown as it was', () => {
    expect(side.reader.job(owner, 'a')?.status).toBe('QUEUED');
    expect(side.reader.job(owner, 'many-199')).toBeNull();
  });

  it('ends no waiting for what may not come, with the reason', async () => {
    const [last] = await store.read(jobStream('many-199'), { direction: 'backwards', limit: 1 });
    await expect(side.directory.caughtUpTo(last?.position ?? '')).rejects.toMatchObject(isFull.error);
  });

  it('is over by itself when there is room: everything is applied, once', async () => {
    limitTo(100_000);
    await expect.poll(() => side.projector.state, { timeout: 10_000 }).toEqual({ status: 'LIVE' });

    expect(side.reader.job(owner, 'many-199')?.status).toBe('RUNNING');
    expect(side.reader.transitions('many-0')).toHaveLength(2);
    await record(store, jobStream('b'), queued(syncRequest));
    await expect.poll(() => side.reader.job(owner, 'b')?.status).toBe('QUEUED');
  });
});

it('is another thing than tables that are not there: nothing is waited for that will not come', async () => {
  side.database.run('DROP TABLE steps');
  await record(store, jobStream('b'), queued(syncRequest));
  await expect
    .poll(() => side.projector.state)
    .toMatchObject({ status: 'FAILED', error: { message: 'no such table: steps' } });
});
