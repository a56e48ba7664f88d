import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import {
  answers,
  cancelRequested,
  combinedRequest,
  jobSucceeded,
  queued,
  started,
  stepAdvanced,
  stepInterrupted,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { admitted } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { prepare, start, close } = writeSides();

/** What a former life left behind: a job in its lane, with this history. */
async function left(side: WriteSide, jobId: string, ...history: readonly JobEvent[]): Promise<void> {
  await record(side.store, laneStream('household'), admitted(jobId, combinedRequest));
  await record(side.store, jobStream(jobId), ...history);
}

const running = [queued(), started(), stepStarted()];
const again = (attempt: number) => [stepInterrupted(1, attempt - 1), stepStarted(1, attempt)];

describe('a step that was running when the server went away', () => {
  it('is interrupted and runs again at once', async () => {
    const side = await prepare(folder());
    await left(side, 'a', ...running);

    await side.start();

    expect((await side.steps.next()).context).toMatchObject({ jobId: 'a', attempt: 2 });
    expect(await side.history('a')).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted', 'StepInterrupted', 'StepStarted'],
    ]);
  });

  it('gave its claim up where that went in an orderly way, and goes on however often that happens', async () => {
    const here = folder();
    const first = await start(here);
    const jobId = await first.startJob();
    for (let stops = 0, side = first; stops < 5; stops++) {
      expect((await side.steps.next()).context).toMatchObject({ jobId, attempt: stops + 1 });
      await close(side);
      side = await start(here);
      if (stops < 4) continue;
      (await side.steps.next()).succeed();
      await side.until(jobId, 'SUCCEEDED');
      const interruptions = (await side.store.read(jobStream(jobId))).filter(
        ({ type }) => type === 'StepInterrupted',
      );
      expect(interruptions.map(({ data }) => data?.orderly)).toEqual([true, true, true, true, true]);
    }
  });

  it('goes on after the batches that were answered', async () => {
    const side = await prepare(folder());
    const advanced = [stepSucceeded(), stepStarted(2), stepAdvanced(2, answers(1))];
    await left(side, 'a', ...running, ...advanced);

    await side.start();

    expect((await side.steps.next()).context.progress).toEqual([answers(1)]);
  });

  it('runs again as often as is allowed: three times', async () => {
    const side = await prepare(folder());
    await left(side, 'a', ...running, ...again(2), ...again(3));

    await side.start();

    expect((await side.steps.next()).context.attempt).toBe(4);
  });

  it('fails where it was interrupted more often', async () => {
    const side = await prepare(folder());
    await left(side, 'a', ...running, ...again(2), ...again(3), ...again(4));

    await side.start();

    await side.until('a', 'FAILED');
    expect(await side.job('a')).toMatchObject({ failure: failure('INTERRUPTED_TOO_OFTEN') });
    await expect.poll(() => side.lane()).toEqual([]);
  });

  it('ends the job where that was to be canceled', async () => {
    const side = await prepare(folder());
    await left(side, 'a', ...running, cancelRequested());

    await side.start();

    await side.until('a', 'CANCELED');
    expect(side.steps.startedJobIds).toEqual([]);
  });
});

describe('a job goes on from wherever a crash left it', () => {
  const whole = [...running, stepSucceeded(), stepStarted(2), stepAdvanced(2, answers(1)), stepSucceeded(2)];
  const lengths = [...whole, jobSucceeded()].map((_event, index) => index + 1);

  it.each([0, ...lengths])('after %i of its events, and succeeds once', async (length) => {
    const side = await prepare(folder());
    await record(side.store, laneStream('household'), admitted('a', combinedRequest));
    const history = [...whole, jobSucceeded()].slice(0, length);
    if (length > 0) await record(side.store, jobStream('a'), ...history);
    side.steps.succeedAtOnce();

    await side.start();

    await side.until('a', 'SUCCEEDED');
    await expect.poll(() => side.lane()).toEqual([]);
    const types = await side.history('a');
    expect(types.filter((type) => type === 'StepSucceeded')).toHaveLength(2);
    expect(types.filter((type) => type === 'JobSucceeded')).toHaveLength(1);
  });
});

describe('a lane is worked off from wherever a crash left it', () => {
  it('where the head had ended and was not released', async () => {
    const side = await prepare(folder());
    await left(side, 'a', ...running, stepSucceeded(), stepStarted(2), stepSucceeded(2), jobSucceeded());
    await record(side.store, laneStream('household'), admitted('b'));
    side.steps.succeedAtOnce();

    await side.start();

    await side.until('b', 'SUCCEEDED');
    expect(side.steps.startedJobIds).toEqual(['b']);
  });

  it("where the head is another lane's job: it is released here and runs there", async () => {
    const side = await prepare(folder());
    const there = { ...syncRequest, budgetId: 'business' };
    await record(side.store, laneStream('household'), admitted('a', syncRequest), admitted('b'));
    await record(side.store, laneStream('business'), admitted('a', there));
    await record(side.store, jobStream('a'), queued(there));
    side.steps.succeedAtOnce();

    await side.start();

    await side.until('a', 'SUCCEEDED');
    await side.until('b', 'SUCCEEDED');
    expect([...side.steps.startedJobIds].sort()).toEqual(['a', 'b']);
    await expect.poll(() => side.lane()).toEqual([]);
  });
});

describe('a server that is stopped', () => {
  it('tells its steps to stop, records no end of them, and the next one goes on', async () => {
    const shared = folder();
    const before = await start(shared);
    const jobId = await before.startJob();
    const { context } = await before.steps.next();
    await close(before);
    expect(context.signal.aborted).toBe(true);

    const side = await start(shared);

    expect((await side.steps.next()).context).toMatchObject({ jobId, attempt: 2 });
    expect(await side.history(jobId)).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted', 'StepInterrupted', 'StepStarted'],
    ]);
  });

  it('keeps what a step still achieves within its grace, and starts nothing more', async () => {
    const shared = folder();
    const before = await start(shared);
    before.steps.areStubborn = true;
    const jobId = await before.startJob({ type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } });
    const attempt = await before.steps.next();
    const closed = close(before);
    await expect.poll(() => attempt.context.signal.aborted).toBe(true);
    attempt.succeed();
    await closed;
    expect(before.steps.startedJobIds).toEqual([jobId]);

    const side = await prepare(shared);

    expect(await side.history(jobId)).toEqual(['JobQueued', 'JobStarted', 'StepStarted', 'StepSucceeded']);
  });

  it('waits no longer for a step than its grace', async () => {
    const side = await start(folder(), { stopGraceMs: 10 });
    side.steps.areStubborn = true;
    await side.startJob();
    await side.steps.next();

    await close(side);

    expect(side.steps.startedJobIds).toHaveLength(1);
  });
});
