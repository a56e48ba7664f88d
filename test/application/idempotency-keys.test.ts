import { describe, expect, it } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import { after, Gate } from '../support/faulty-event-store.js';
import {
  jobSucceeded,
  queued,
  started,
  startReferred,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start, close } = writeSides();

const keyed = { idempotencyKey: 'every monday' };
const wholeLife = [queued(syncRequest), started(), stepStarted(), stepSucceeded(), jobSucceeded()];
const reused = { refused: true, code: 'IDEMPOTENCY_KEY_REUSED' };

describe('the same key', () => {
  it('gives the same job while it is active', async () => {
    const side = await start(folder());
    const jobId = await side.startJob(keyed);

    expect(await side.tryStart({ ...keyed, onConflict: 'QUEUE' })).toEqual({ jobId, created: false });
    expect(await side.tryStart({ ...keyed, onConflict: 'REJECT' })).toEqual({ jobId, created: false });
    expect(await side.lane()).toEqual([jobId]);
  });

  it('gives the same job when it has ended, after a restart too', async () => {
    const shared = folder();
    const before = await start(shared);
    before.steps.succeedAtOnce();
    const jobId = await before.startJob(keyed);
    await before.until(jobId, 'SUCCEEDED');
    await close(before);

    const side = await start(shared);

    expect(await side.tryStart(keyed)).toEqual({ jobId, created: false });
    expect(side.shownStatus(jobId)).toBe('SUCCEEDED');
  });

  it('gives another owner another job', async () => {
    const side = await start(folder());
    expect(await side.startJob(keyed, 'bert')).not.toBe(await side.startJob(keyed, 'anna'));
  });

  it('gives one job to all who ask at the same time, and one of them made it', async () => {
    const side = await start(folder());

    const started = await Promise.all(Array.from({ length: 10 }, () => side.tryStart(keyed)));

    expect(new Set(started.map((each) => 'jobId' in each && each.jobId)).size).toBe(1);
    expect(started.filter((each) => 'created' in each && each.created)).toHaveLength(1);
    expect(await side.laneHistory()).toEqual(['JobAdmitted']);
  });

  it('gives a job beside one without a key only where that is wanted', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    expect(await side.tryStart(keyed)).toEqual({ jobId, created: false });
    const other = { idempotencyKey: 'another key', onConflict: 'QUEUE' } as const;
    expect(await side.tryStart(other)).toMatchObject({ created: true });
  });
});

describe('a key whose start was answered with a job that was active already', () => {
  it('gives that job whenever it comes again: when it has ended, and after a restart, too', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await before.startJob();
    expect(await before.tryStart(keyed)).toEqual({ jobId, created: false });
    (await before.steps.next()).succeed();
    await before.until(jobId, 'SUCCEEDED');
    await before.untilReleased(jobId);

    expect(await before.tryStart(keyed)).toEqual({ jobId, created: false });
    await close(before);
    const side = await start(shared);
    expect(await side.tryStart(keyed)).toEqual({ jobId, created: false });
    expect(side.steps.startedJobIds).toEqual([]);
  });

  it('gives the job that waits, where one more was to be queued and is already', async () => {
    const side = await start(folder());
    await side.startJob();
    const waiting = await side.startJob({ onConflict: 'QUEUE' });

    expect(await side.tryStart({ ...keyed, onConflict: 'QUEUE' })).toEqual({
      jobId: waiting,
      created: false,
    });
    await side.service.cancel('anna', waiting);
    expect(await side.tryStart({ ...keyed, onConflict: 'QUEUE' })).toEqual({
      jobId: waiting,
      created: false,
    });
  });

  it('is used: a different request with it is refused', async () => {
    const side = await start(folder());
    await side.startJob();
    await side.tryStart(keyed);

    expect(await side.tryStart({ ...keyed, budgetId: 'business' })).toMatchObject(reused);
    expect(await side.lane('business')).toEqual([]);
  });

  it('is not used where the start was refused', async () => {
    const side = await start(folder());
    await side.startJob();

    expect(await side.tryStart({ ...keyed, onConflict: 'REJECT' })).toMatchObject({ refused: true });
    expect(await side.tryStart({ ...keyed, budgetId: 'business' })).toMatchObject({ created: true });
  });

  it('is no job: nobody can cancel or retry what it stands for by its own id', async () => {
    const elsewhere = await start(folder());
    const id = await elsewhere.startJob(keyed);
    const side = await start(folder());
    await side.startJob();
    await side.tryStart(keyed);

    expect(await side.history(id)).toEqual(['StartReferred']);
    expect(await side.service.cancel('anna', id)).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(await side.service.retry('anna', id)).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(side.shownStatus(id)).toBeUndefined();
  });

  it('is free again when that job is not kept any longer', async () => {
    const side = await start(folder(), { keepMs: -1000 });
    const jobId = await side.startJob();
    await side.tryStart(keyed);
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    await side.untilReleased(jobId);

    await side.retention.run();

    const started = await side.tryStart(keyed);
    expect(started).toMatchObject({ created: true });
    expect(await side.history((started as { jobId: string }).jobId)).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted'],
    ]);
  });

  it('leaves nothing behind when that job is not kept any longer', async () => {
    const elsewhere = await start(folder());
    const id = await elsewhere.startJob(keyed);
    const side = await start(folder(), { keepMs: -1000 });
    const jobId = await side.startJob();
    await side.tryStart(keyed);
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    await side.untilReleased(jobId);

    await side.retention.run();

    expect(await side.history(id)).toEqual([]);
    expect(side.directory.referencesTo(jobId)).toEqual([]);
  });

  it('belongs to the job that came first where both cross', async () => {
    const elsewhere = await start(folder());
    const id = await elsewhere.startJob(keyed);
    const side = await start(folder(), { isDeaf: true });
    await side.startJob();
    // Another server saw no such job, and made one by this key.
    side.store.onAppendOf(
      'StartReferred',
      after(() => record(side.store, jobStream(id), queued(syncRequest))),
    );

    expect(await side.tryStart(keyed)).toEqual({ jobId: id, created: false });
  });
});

describe('the same key with a different request', () => {
  const otherType = { ...keyed, type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } };
  const otherBudget = { ...keyed, budgetId: 'business' };

  it.each([
    ['another type', otherType],
    ['another budget', otherBudget],
  ])('is refused, and nothing stays in a lane: %s', async (_what, other) => {
    const side = await start(folder());
    const jobId = await side.startJob(keyed);

    expect(await side.tryStart(other)).toMatchObject(reused);
    expect([await side.lane('household'), await side.lane('business')]).toEqual([[jobId], []]);
  });

  it.each([
    ['another type', otherType],
    ['another budget', otherBudget],
  ])('is refused when the job has ended: %s', async (_what, other) => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    await side.until(await side.startJob(keyed), 'SUCCEEDED');

    expect(await side.tryStart(other)).toMatchObject(reused);
    await expect.poll(() => Promise.all([side.lane('household'), side.lane('business')])).toEqual([[], []]);
  });

  it('is refused to one of two who ask at the same time', async () => {
    const side = await start(folder());

    const both = await Promise.all([side.tryStart(keyed), side.tryStart(otherType)]);

    expect(both.filter((each) => 'created' in each)).toHaveLength(1);
    expect(both).toContainEqual(expect.objectContaining(reused));
    expect(await side.lane()).toHaveLength(1);
  });
});

/** Looks at the head of a lane, whatever is known of it. */
async function sweep(side: WriteSide, laneId: string): Promise<void> {
  const [jobId = ''] = await side.lane(laneId);
  await side.look(jobId, { laneId, knowledge: 'DOUBTED' });
}

describe('when two starts with one key cross', () => {
  it('and the first one has ended before the second is admitted, the second is answered with it', async () => {
    const elsewhere = await start(folder());
    const jobId = await elsewhere.startJob(keyed);
    const side = await start(folder(), { isDeaf: true });
    // The second one saw no job yet when the first one lived its whole life on another server.
    side.store.onAppendOf(
      'JobAdmitted',
      after(async () => {
        await record(side.store, laneStream('household'), admitted(jobId));
        await record(side.store, jobStream(jobId), ...wholeLife);
        await record(side.store, laneStream('household'), released(jobId));
      }),
    );

    expect(await side.tryStart(keyed)).toEqual({ jobId, created: false });

    expect(await side.history(jobId)).toHaveLength(wholeLife.length);
    expect(await side.lane()).toEqual([]);
  });

  it('and the second one is admitted after the first has left the lane, it is released and runs no more', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    const first = new Gate();
    side.store.onAppendOf('JobQueued', first.beforeAppend);
    const slow = side.tryStart(keyed);
    await first.reached;
    // Meanwhile a sweep sees the admission, and the job is queued from it, runs, ends and leaves its lane.
    await sweep(side, 'household');
    await expect.poll(() => side.lane()).toEqual([]);
    first.open();

    const { jobId, created } = (await slow) as { jobId: string; created: boolean };

    expect(created).toBe(true);
    expect(await side.job(jobId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(side.steps.startedJobIds).toEqual([jobId]);
    expect(await side.lane()).toEqual([]);
  });

  it('and the first one refers to another job while the second is admitted, both are answered with that job', async () => {
    const side = await start(folder());
    const id = await (await start(folder())).startJob(keyed);
    await side.startJob();
    const waiting = await side.startJob({ onConflict: 'QUEUE' });
    side.store.onAppendOf(
      'JobQueued',
      after(() => record(side.store, jobStream(id), startReferred(waiting))),
    );
    await side.service.cancel('anna', waiting);

    const second = await side.tryStart({ ...keyed, onConflict: 'QUEUE' });

    expect(second).toEqual({ jobId: waiting, created: false });
    expect(await side.history(id)).toEqual(['StartReferred']);
    expect(await side.lane()).not.toContain(id);
  });

  it('for two budgets, the job is whose first event was written; the other lane is left and never run', async () => {
    const side = await start(folder());
    const queuing = new Gate();
    side.store.onAppendOf('JobQueued', queuing.beforeAppend);
    side.store.onAppendOf('JobQueued', queuing.beforeAppend);

    const both = [side.tryStart(keyed), side.tryStart({ ...keyed, budgetId: 'business' })];
    await queuing.reached;
    await expect.poll(async () => [...(await side.lane()), ...(await side.lane('business'))].length).toBe(2);
    for (const laneId of ['household', 'business']) await sweep(side, laneId);
    await expect.poll(async () => [...(await side.lane()), ...(await side.lane('business'))].length).toBe(1);
    queuing.open();

    const answers = await Promise.all(both);
    expect(answers.filter((each) => 'created' in each)).toHaveLength(1);
    expect(answers).toContainEqual(expect.objectContaining(reused));
    const lanes = [...(await side.lane('household')), ...(await side.lane('business'))];
    const [jobId = ''] = lanes;
    expect(lanes).toHaveLength(1);
    expect(await side.history(jobId)).toEqual(['JobQueued', 'JobStarted', 'StepStarted']);
    const { request } = (await side.job(jobId)) as { request: { budgetId: string } };
    expect(await side.lane(request.budgetId)).toEqual([jobId]);
  });
});

describe('a key whose job is no longer kept', () => {
  it('is free again, even where the old stream is still there', async () => {
    const side = await start(folder(), { clockOffsetMs: 0, keepMs: -1000 });
    const jobId = await side.startJob(keyed);
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    await side.untilReleased(jobId);
    side.store.onAppendOf('JobExpired', async (append) => {
      const result = await append();
      // Used again between the record of the expiry and the deletion.
      expect(await side.tryStart(keyed)).toEqual({ jobId, created: true });
      return result;
    });

    await side.retention.run();

    expect(await side.history(jobId)).toEqual(['JobQueued', 'JobStarted', 'StepStarted']);
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    await expect.poll(() => side.shownStatus(jobId)).toBe('SUCCEEDED');
  });
});
