import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import { isRefusal } from '../../src/application/refusal.js';
import { answers, syncResult, wrongPassword } from '../support/job-history.js';
import { answered } from '../support/steps-by-hand.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start, close } = writeSides();

const combined = { type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } };

async function retry(side: WriteSide, jobId: string): Promise<string> {
  const retried = await side.service.retry('anna', jobId);
  if (isRefusal(retried)) throw new Error(`refused: ${retried.code}`);
  return retried.jobId;
}

/** A combined job whose second step failed after it had answered one batch. */
async function failedHalfway(side: WriteSide): Promise<string> {
  const jobId = await side.startJob(combined);
  (await side.steps.next()).succeed();
  const second = await side.steps.next();
  await second.context.advance(answered(1));
  second.fail(failure('MODEL_AUTH_FAILED'));
  await side.until(jobId, 'FAILED');
  return jobId;
}

describe('a retry', () => {
  it('is a new job that carries over the steps that succeeded and the batches that were answered', async () => {
    const side = await start(folder());
    const failed = await failedHalfway(side);

    const jobId = await retry(side, failed);

    const { context } = await side.steps.next();
    expect(context).toMatchObject({ jobId, attempt: 1, progress: [answers(1)] });
    expect(await side.job(jobId)).toMatchObject({
      request: { retryOf: failed, input: { batch: { allUncategorized: true } } },
      steps: [{ status: 'SUCCEEDED', attempt: 0, result: syncResult }, { status: 'RUNNING' }],
    });
    expect((await side.job(failed)).status).toBe('FAILED');
  });

  it('records the next batch after those that were carried over', async () => {
    const side = await start(folder());
    const jobId = await retry(side, await failedHalfway(side));
    const attempt = await side.steps.next();

    await attempt.context.advance(answered(2));
    attempt.succeed();

    await side.until(jobId, 'SUCCEEDED');
    expect(await side.job(jobId)).toMatchObject({ steps: [{}, { progress: [answers(1), answers(2)] }] });
  });

  it('carries over what the retry before it had carried over', async () => {
    const side = await start(folder());
    const once = await retry(side, await failedHalfway(side));
    (await side.steps.next()).fail(failure('MODEL_AUTH_FAILED'));
    await side.until(once, 'FAILED');

    await retry(side, once);

    expect((await side.steps.next()).context.progress).toEqual([answers(1)]);
  });

  it('of a canceled job goes on, too', async () => {
    const side = await start(folder());
    const canceled = await side.startJob(combined);
    (await side.steps.next()).succeed();
    await side.steps.next();
    await side.service.cancel('anna', canceled);
    await side.until(canceled, 'CANCELED');

    const jobId = await retry(side, canceled);

    expect((await side.steps.next()).context).toMatchObject({ jobId, progress: [] });
    expect(await side.job(jobId)).toMatchObject({ steps: [{ status: 'SUCCEEDED' }, { status: 'RUNNING' }] });
  });

  it('is the job that is active already where there is one', async () => {
    const side = await start(folder());
    const failed = await failedHalfway(side);
    const active = await side.startJob(combined);

    expect(await side.service.retry('anna', failed)).toEqual({ jobId: active, created: false });
  });

  it('is one however often it is asked for at the same time', async () => {
    const side = await start(folder());
    const failed = await failedHalfway(side);

    const jobIds = await Promise.all([retry(side, failed), retry(side, failed), retry(side, failed)]);

    expect(new Set(jobIds).size).toBe(1);
  });
});

describe('a retry is refused', () => {
  it('of a job that is active or succeeded', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();
    const notRetryable = { refused: true, code: 'JOB_NOT_RETRYABLE' };
    expect(await side.service.retry('anna', jobId)).toMatchObject(notRetryable);

    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');

    expect(await side.service.retry('anna', jobId)).toMatchObject(notRetryable);
  });

  it("of somebody else's job as of one that does not exist", async () => {
    const side = await start(folder());
    const jobId = await side.startJob();
    (await side.steps.next()).fail(wrongPassword);
    await side.until(jobId, 'FAILED');

    const refused = await side.service.retry('bert', jobId);

    expect(refused).toMatchObject({ refused: true, code: 'JOB_NOT_FOUND' });
    expect(refused).toEqual(await side.service.retry('bert', 'no such job'));
  });

  it('of a job whose budget is no longer configured', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await before.startJob();
    (await before.steps.next()).fail(wrongPassword);
    await before.until(jobId, 'FAILED');
    await close(before);

    const side = await start(shared, { budgetIds: ['business'] });

    expect(await side.service.retry('anna', jobId)).toMatchObject({ code: 'UNKNOWN_BUDGET' });
  });
});
