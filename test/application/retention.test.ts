import { describe, expect, it } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import {
  jobExpired,
  jobSucceeded,
  queued,
  started,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { Gate } from '../support/faulty-event-store.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { prepare, start, close } = writeSides();

const dayMs = 86_400_000;
const days = (count: number) => ({ clockOffsetMs: count * dayMs, keepMs: 30 * dayMs });
const lifeOf = (request = syncRequest) => [
  ...[queued(request), started(), stepStarted(), stepSucceeded(), jobSucceeded()],
];

/** A job that ended, and left its lane, in a life before. */
async function ended(side: WriteSide): Promise<string> {
  side.steps.succeedAtOnce();
  const jobId = await side.startJob();
  await side.until(jobId, 'SUCCEEDED');
  await side.untilReleased(jobId);
  return jobId;
}

describe('a job that ended longer ago than jobs are kept', () => {
  it('is gone: its stream is deleted, and queries show it no longer', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await ended(before);
    await close(before);
    const side = await start(shared, days(31));
    expect(side.shownStatus(jobId)).toBe('SUCCEEDED');

    await side.retention.run();

    expect(await side.history(jobId)).toEqual([]);
    expect(side.shownStatus(jobId)).toBeUndefined();
    expect(side.directory.expired(10)).toEqual([]);
  });

  it('leaves nothing of what was asked for behind in its lane, and the lane goes on', async () => {
    const side = await start(folder(), { keepMs: -dayMs });
    await ended(side);

    await side.retention.run();

    expect(await side.laneHistory()).toEqual(['JobReleased']);
    await ended(side);
    expect(await side.laneHistory()).toEqual(['JobReleased', 'JobAdmitted', 'JobReleased']);
  });

  it('is removed by itself, after the start and now and then', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await ended(before);
    await close(before);
    const side = await start(shared, days(31));

    side.retention.start();

    await expect.poll(() => side.history(jobId)).toEqual([]);
  });

  it('is removed however many there are', async () => {
    const side = await prepare(folder(), { keepMs: 0 });
    const jobIds = Array.from({ length: 250 }, (_, index) => `job-${index}`);
    await Promise.all(jobIds.map((jobId) => record(side.store, jobStream(jobId), ...lifeOf())));
    await side.start();

    await side.retention.run();

    expect(side.directory.endedBefore('9999', 1000)).toEqual([]);
    expect(await side.store.read(jobStream('job-249'))).toEqual([]);
  });

  it('stays where it is still in its lane, however long ago that was', async () => {
    const side = await prepare(folder(), { ...days(31), isDeaf: true });
    await record(side.store, laneStream('household'), admitted('a'));
    await record(side.store, jobStream('a'), ...lifeOf());
    const releasing = new Gate();
    side.store.onAppendOf('JobReleased', releasing.beforeAppend);
    await side.start();
    await releasing.reached;

    await side.retention.run();
    releasing.open();

    expect(await side.history('a')).toHaveLength(5);
  });

  it('stays where it came back into a lane since somebody looked', async () => {
    const side = await prepare(folder(), { keepMs: 0, isDeaf: true });
    await record(side.store, jobStream('a'), ...lifeOf());
    await side.start();
    const { directory } = side;
    const endedBefore = directory.endedBefore.bind(directory);
    await record(side.store, laneStream('household'), admitted('a'));
    directory.endedBefore = () => ['a'];

    await side.retention.run();

    directory.endedBefore = endedBefore;
    expect(await side.history('a')).toHaveLength(5);
  });
});

describe('a job that is kept', () => {
  it('ended not so long ago', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await ended(before);
    await close(before);
    const side = await start(shared, days(29));

    await side.retention.run();

    expect(side.shownStatus(jobId)).toBe('SUCCEEDED');
    expect(await side.history(jobId)).toHaveLength(5);
  });

  it('is active, however old it is', async () => {
    const side = await start(folder(), { keepMs: -dayMs });
    const running = await side.startJob();
    const waiting = await side.startJob({ onConflict: 'QUEUE' });

    await side.retention.run();

    expect([side.shownStatus(running), side.shownStatus(waiting)]).toEqual(['RUNNING', 'QUEUED']);
  });
});

describe('a removal that was cut short', () => {
  it('between the record of the expiry and the deletion is finished by the next pass', async () => {
    const side = await prepare(folder());
    await record(side.store, jobStream('a'), ...lifeOf(), jobExpired());
    await side.start();
    expect(side.directory.expired(10)).toEqual(['a']);

    await side.retention.run();

    expect(await side.history('a')).toEqual([]);
    expect(side.directory.expired(10)).toEqual([]);
  });

  it('after the deletion is finished by the next pass', async () => {
    const side = await prepare(folder());
    await record(side.store, jobStream('a'), ...lifeOf(), jobExpired());
    await side.start();
    await side.store.delete(jobStream('a'), { expectedRevision: 5 });

    await side.retention.run();

    expect(side.directory.expired(10)).toEqual([]);
  });

  it('where the stream of a job that is shown is gone drops the job from what is shown', async () => {
    const side = await prepare(folder(), { keepMs: 0 });
    await record(side.store, jobStream('a'), ...lifeOf());
    await side.start();
    await side.store.delete(jobStream('a'), { expectedRevision: 4 });

    await side.retention.run();

    expect(side.shownStatus('a')).toBeUndefined();
  });

  it('takes no stream away that was begun anew under the same id', async () => {
    const side = await prepare(folder());
    await record(side.store, jobStream('a'), ...lifeOf(), jobExpired());
    await side.start();
    await side.store.delete(jobStream('a'), { expectedRevision: 5 });
    await record(side.store, laneStream('household'), admitted('a'));
    await record(side.store, jobStream('a'), queued(syncRequest));

    await side.retention.run();

    (await side.steps.next()).succeed();
    await side.until('a', 'SUCCEEDED');
    expect(side.directory.expired(10)).toEqual([]);
    await expect.poll(() => side.laneHistory()).toContain(released('a').type);
  });

  it('by a store that could not be reached is tried again by the next pass', async () => {
    const side = await prepare(folder(), { keepMs: 0 });
    await record(side.store, jobStream('a'), ...lifeOf());
    await side.start();
    side.store.cutOff();
    const pass = side.retention.run();
    side.store.reconnect();

    await pass;

    expect(await side.history('a')).toEqual([]);
  });
});
