import { describe, expect, it } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import { queued, stepInterrupted, stepStarted, syncRequest } from '../support/job-history.js';
import { admitted } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start } = writeSides();

const never = 3_600_000;

/** Another server lets a job in, and queues it. */
async function startElsewhere(side: WriteSide, jobId: string): Promise<void> {
  await record(side.store, laneStream('household'), admitted(jobId, syncRequest));
  await record(side.store, jobStream(jobId), { ...queued(syncRequest), at: new Date().toISOString() });
}

describe('a job that was started on another server', () => {
  it('is left to that one as long as a grace is not over, while own jobs run at once', async () => {
    const side = await start(folder(), { takeoverGraceMs: never, othersLive: true });
    await startElsewhere(side, 'theirs');

    const own = await side.startJob({ budgetId: 'business' });

    expect((await side.steps.next()).context.jobId).toBe(own);
    expect(side.shownStatus('theirs')).toBe('QUEUED');
    expect(await side.history('theirs')).toEqual(['JobQueued']);
  });

  it('is run here when nothing has happened to it for the grace', async () => {
    const side = await start(folder(), { takeoverGraceMs: 10, othersLive: true });
    await startElsewhere(side, 'theirs');

    const attempt = await side.steps.next();

    expect(attempt.context.jobId).toBe('theirs');
    attempt.succeed();
    await side.until('theirs', 'SUCCEEDED');
  });

  it('is left to those who know its budget for a while, then fails: it never waits for ever', async () => {
    const options = { budgetIds: ['business'], othersLive: true, sweepIntervalMs: 5 };
    const patient = await start(folder(), { ...options, unknownBudgetGraceMs: never });
    await startElsewhere(patient, 'theirs');
    const own = await patient.startJob({ budgetId: 'business' });
    (await patient.steps.next()).succeed();
    await patient.until(own, 'SUCCEEDED');
    expect(await patient.history('theirs')).toEqual(['JobQueued']);

    const impatient = await start(folder(), { ...options, unknownBudgetGraceMs: 20 });
    await startElsewhere(impatient, 'theirs');
    await impatient.until('theirs', 'FAILED');
    expect(await impatient.job('theirs')).toMatchObject({ failure: { code: 'ACTUAL_BUDGET_NOT_FOUND' } });
  });

  it('is gone on with here at once where this server is at work on it', async () => {
    const side = await start(folder(), { takeoverGraceMs: never, othersLive: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    // Another server is asked to cancel it.
    await record(side.store, jobStream(jobId), {
      type: 'CancelRequested',
      v: 1,
      at: new Date().toISOString(),
      by: 'anna',
    });

    await side.until(jobId, 'CANCELED');
    expect(attempt.context.signal.aborted).toBe(true);
  });
});

describe('a step that others took over because they heard nothing of this server', () => {
  it('is stopped here as soon as this server hears of it', async () => {
    const side = await start(folder(), { takeoverGraceMs: never, othersLive: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    await record(side.store, jobStream(jobId), stepInterrupted(1, 1), stepStarted(1, 2, 'runner-2'));

    await expect.poll(() => attempt.context.signal.reason as unknown).toBe('CLAIM_LOST');
    expect(await side.history(jobId)).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted', 'StepInterrupted', 'StepStarted'],
    ]);
  });

  it('is not taken for lost by what was read before it was claimed', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    expect(side.logged.map(({ message }) => message)).not.toContain(
      'A step was stopped because its claim was lost',
    );
  });
});
