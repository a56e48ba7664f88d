import { describe, expect, it } from 'vitest';
import { after, Gate } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides } from '../support/write-side.js';

const folder = tempFolders();
const { start, close } = writeSides();

const keyed = { idempotencyKey: 'every monday' };
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
    expect(await side.tryStart({ ...keyed, onConflict: 'QUEUE' })).toMatchObject({ created: true });
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

describe('when two starts with one key cross', () => {
  it('and the first one has ended before the second is admitted, the second is released and answered', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    let jobId = '';
    // The second one saw no job yet when the first one lived its whole life.
    side.store.onAppendOf(
      'JobAdmitted',
      after(async () => {
        jobId = await side.startJob(keyed);
        await side.until(jobId, 'SUCCEEDED');
        await expect.poll(() => side.lane()).toEqual([]);
      }),
    );

    expect(await side.tryStart(keyed)).toEqual({ jobId, created: false });

    expect(await side.history(jobId)).toHaveLength(5);
    expect(await side.lane()).toEqual([]);
  });

  it('and the second one is admitted after the first has left the lane, it is released and runs no more', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    const first = new Gate();
    side.store.onAppendOf('JobQueued', first.beforeAppend);
    const slow = side.tryStart(keyed);
    await first.reached;
    // Meanwhile the admission is seen, and the job is queued from it, runs, ends and leaves its lane.
    await expect.poll(() => side.lane()).toEqual([]);
    first.open();

    const { jobId, created } = (await slow) as { jobId: string; created: boolean };

    expect(created).toBe(true);
    expect(await side.job(jobId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(side.steps.startedJobIds).toEqual([jobId]);
    expect(await side.lane()).toEqual([]);
  });

  it('for two budgets, the job is whose first event was written; the other lane is left and never run', async () => {
    const side = await start(folder());
    const queuing = new Gate();
    side.store.onAppendOf('JobQueued', queuing.beforeAppend);
    side.store.onAppendOf('JobQueued', queuing.beforeAppend);

    const both = [side.tryStart(keyed), side.tryStart({ ...keyed, budgetId: 'business' })];
    await queuing.reached;
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
