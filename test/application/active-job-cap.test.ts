import { describe, expect, it } from 'vitest';
import { ReadSideBehindError } from '../../projections/read-side-behind-error.js';
import { isRefusal, type Refusal } from '../../src/application/refusal.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import { jobStream } from '../../src/domain/streams.js';
import { queued, wrongPassword } from '../support/job-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start } = writeSides();

const tooMany: Refusal = {
  refused: true,
  code: 'TOO_MANY_JOBS',
  message: 'You already have 3 active jobs; wait for one to end, or cancel one.',
};

/** Jobs of one budget that differ in their input. */
const job = (number: number) => ({
  type: 'SUGGESTIONS_GENERATION',
  batch: { transactionIds: [`transaction-${number}`] },
});

async function full(side: WriteSide): Promise<readonly string[]> {
  return [await side.startJob(job(1)), await side.startJob(job(2)), await side.startJob(job(3))];
}

describe('an owner with as many active jobs as are allowed', () => {
  it('is refused one more, and it leaves no trace', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    const jobIds = await full(side);

    expect(await side.tryStart(job(4))).toEqual(tooMany);
    expect(await side.lane()).toEqual(jobIds);
  });

  it('is refused a retry, too', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    const failed = await side.startJob();
    (await side.steps.next()).fail(wrongPassword);
    await side.until(failed, 'FAILED');
    await full(side);

    expect(await side.service.retry('anna', failed)).toEqual(tooMany);
  });

  it('is answered with a job that is there already', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    const [first] = await full(side);

    expect(await side.tryStart(job(1))).toEqual({ jobId: first, created: false });
  });

  it('may start another one when one has ended', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    const [, second = ''] = await full(side);

    await side.service.cancel('anna', second);

    expect(isRefusal(await side.tryStart(job(4)))).toBe(false);
  });

  it('keeps nobody else from starting jobs', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    await full(side);

    expect(isRefusal(await side.tryStart(job(1), 'bert'))).toBe(false);
  });
});

describe('an owner whose active jobs cannot be counted', () => {
  it('starts none, and nothing of it is recorded: the read side can read no further', async () => {
    const side = await start(folder(), { maxActiveJobs: 3 });
    const ofNewerVersion = { ...queued(), v: 2 } as unknown as JobEvent;
    const strange = await record(side.store, jobStream('strange'), ofNewerVersion);
    await expect(side.directory.caughtUpTo(strange)).rejects.toThrow('cannot be read');

    await expect(side.tryStart(job(1))).rejects.toThrow(ReadSideBehindError);

    expect(await side.laneHistory()).toEqual([]);
    expect(side.store.tried.map(({ stream }) => stream)).toEqual([jobStream('strange')]);
  });
});

describe('an owner who starts many jobs at the same time', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index);

  it('gets exactly as many as are allowed', async () => {
    const side = await start(folder(), { maxActiveJobs: 20 });

    const answers = await Promise.all(numbers.map((number) => side.tryStart(job(number))));

    expect(answers.filter(isRefusal)).toHaveLength(10);
    expect(await side.lane()).toHaveLength(20);
  });

  it('gets all of them where they are as many as are allowed', async () => {
    const side = await start(folder(), { maxActiveJobs: 30 });

    const answers = await Promise.all(numbers.map((number) => side.tryStart(job(number))));

    expect(answers.filter(isRefusal)).toEqual([]);
  });
});
