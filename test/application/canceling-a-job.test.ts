import { describe, expect, it, vi } from 'vitest';
import { laneStream, jobStream } from '../../src/domain/streams.js';
import { Gate } from '../support/faulty-event-store.js';
import {
  cancelRequested,
  combinedRequest,
  queued,
  started,
  stepStarted,
  unreachable,
} from '../support/job-history.js';
import { admitted } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start } = writeSides();

const cancel = (side: WriteSide, jobId: string, by = 'anna') => side.service.cancel(by, jobId);
const combined = { type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } };

describe('a queued job', () => {
  it('is canceled at once, and those behind it move up', async () => {
    const side = await start(folder());
    const first = await side.startJob();
    const second = await side.startJob(combined);
    const third = await side.startJob({ onConflict: 'QUEUE' });

    expect(await cancel(side, second)).toEqual({ jobId: second });

    expect(side.shownStatus(second)).toBe('CANCELED');
    expect(await side.history(second)).toEqual(['JobQueued', 'CancelRequested', 'JobCanceled']);
    expect(await side.lane()).toEqual([first, third]);
  });
});

describe('a running job', () => {
  it('is canceled when its step has stopped, as it was told to', async () => {
    const side = await start(folder());
    const jobId = await side.startJob(combined);
    const { context } = await side.steps.next();

    await cancel(side, jobId);

    expect(context.signal.aborted).toBe(true);
    await side.until(jobId, 'CANCELED');
    expect(await side.job(jobId)).toMatchObject({ steps: [{ status: 'CANCELED' }, { status: 'CANCELED' }] });
    await expect.poll(() => side.lane()).toEqual([]);
  });

  it('is canceled after a grace where its step does not stop, and what that step still achieves is dropped', async () => {
    const side = await start(folder(), { stopGraceMs: 20 });
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await cancel(side, jobId);
    await side.until(jobId, 'CANCELED');
    attempt.succeed();

    const next = await side.startJob();
    await side.steps.next();
    expect(side.shownStatus(next)).toBe('RUNNING');
    expect((await side.history(jobId)).at(-1)).toBe('JobCanceled');
  });

  it('is only told so at first: its cancellation is shown as soon as it is answered', async () => {
    const side = await start(folder());
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await cancel(side, jobId);

    expect(side.shownStatus(jobId)).toBe('RUNNING');
    expect((await side.history(jobId)).at(-1)).toBe('CancelRequested');
    attempt.crash(new Error('stopped at last'));
    await side.until(jobId, 'CANCELED');
  });

  it('succeeds where its last step succeeded first', async () => {
    const side = await start(folder());
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await cancel(side, jobId);
    attempt.succeed();

    await side.until(jobId, 'SUCCEEDED');
  });

  it('is canceled between two steps: the second never starts', async () => {
    const side = await start(folder());
    side.steps.areStubborn = true;
    const jobId = await side.startJob(combined);
    const attempt = await side.steps.next();

    await cancel(side, jobId);
    attempt.succeed();

    await side.until(jobId, 'CANCELED');
    expect(await side.job(jobId)).toMatchObject({ steps: [{ status: 'SUCCEEDED' }, { status: 'CANCELED' }] });
    expect(side.steps.startedJobIds).toEqual([jobId]);
  });

  it('is canceled where it is told so before its claim was acknowledged', async () => {
    const side = await start(folder(), { isDeaf: true });
    const claim = new Gate();
    side.store.onAppendOf('JobStarted', claim.beforeAcknowledgement);
    const starting = side.startJob();
    await claim.reached;
    const [jobId = ''] = await side.lane();

    // Elsewhere; and here it is looked at before the claim is known to be there.
    await record(side.store, jobStream(jobId), cancelRequested());
    await side.look(jobId, { knowledge: 'DOUBTED' });
    claim.open();

    await side.until(await starting, 'CANCELED');
    expect(side.steps.startedJobIds).toEqual([]);
  });

  it('is canceled at once where its runner is gone', async () => {
    const side = await start(folder(), { isDeaf: true });
    await record(side.store, laneStream('household'), admitted('a', combinedRequest));
    await record(side.store, jobStream('a'), queued(), started(), stepStarted());

    await cancel(side, 'a');

    expect(side.shownStatus('a')).toBe('CANCELED');
    expect(await side.history('a')).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted', 'CancelRequested', 'StepInterrupted', 'JobCanceled'],
    ]);
  });
});

describe('a job that waits to try again', () => {
  it('is canceled at once, and tries no more', async () => {
    const side = await start(folder(), { retryBaseMs: 60_000 });
    const jobId = await side.startJob();
    (await side.steps.next()).fail(unreachable);
    await expect.poll(async () => (await side.history(jobId)).at(-1)).toBe('StepAttemptFailed');

    await cancel(side, jobId);

    expect(side.shownStatus(jobId)).toBe('CANCELED');
  });

  it('is canceled where its attempt fails after it was to be canceled', async () => {
    const side = await start(folder());
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await cancel(side, jobId);
    attempt.fail(unreachable);

    await side.until(jobId, 'CANCELED');
  });
});

describe('a job that has ended', () => {
  it('stays as it is', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    const jobId = await side.startJob();
    await side.until(jobId, 'SUCCEEDED');
    const history = await side.history(jobId);

    expect(await cancel(side, jobId)).toEqual({ jobId });

    expect(side.shownStatus(jobId)).toBe('SUCCEEDED');
    expect(await side.history(jobId)).toEqual(history);
  });
});

describe('a cancellation', () => {
  it('can be asked for any number of times', async () => {
    const side = await start(folder());
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await Promise.all([cancel(side, jobId), cancel(side, jobId), cancel(side, jobId)]);

    const requests = (await side.history(jobId)).filter((type) => type === 'CancelRequested');
    expect(requests).toHaveLength(1);
    attempt.crash(new Error('stopped'));
    await side.until(jobId, 'CANCELED');
  });

  it("of somebody else's job is answered as if there were none, and changes nothing", async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    const refused = await cancel(side, jobId, 'bert');

    expect(refused).toMatchObject({ refused: true, code: 'JOB_NOT_FOUND' });
    expect(refused).toEqual(await cancel(side, 'no such job', 'bert'));
    expect(await side.history(jobId)).not.toContain('CancelRequested');
  });

  it('is not found where it is removed while its cancellation is under way', async () => {
    const side = await start(folder(), { keepMs: -1000 });
    const jobId = await side.startJob();
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    await side.untilReleased(jobId);
    const load = side.jobs.load.bind(side.jobs);
    vi.spyOn(side.jobs, 'load').mockImplementationOnce(async (...job) => {
      const seen = await load(...job);
      await side.retention.run();
      return seen;
    });

    expect(await cancel(side, jobId)).toMatchObject({ refused: true, code: 'JOB_NOT_FOUND' });
  });

  it('leaves its runner free for the next job', async () => {
    const side = await start(folder(), { slots: 1 });
    const jobId = await side.startJob();
    await side.startJob({ budgetId: 'business' });
    await side.steps.next();

    await cancel(side, jobId);

    expect((await side.steps.next()).context.budgetId).toBe('business');
    expect((await side.job(jobId)).status).toBe('CANCELED');
  });
});
