import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import { AppendTooLargeError } from '../../src/eventstore/event-store-errors.js';
import type { Course } from '../support/faulty-event-store.js';
import {
  answers,
  attemptFailed,
  queued,
  started,
  stepInterrupted,
  stepStarted,
  syncRequest,
  syncResult,
  unreachable,
  wrongPassword,
} from '../support/job-history.js';
import { admitted } from '../support/lane-history.js';
import { answered } from '../support/steps-by-hand.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { prepare, start } = writeSides();

async function pauseMs(side: WriteSide, jobId: string): Promise<number> {
  const events = await side.store.read(jobStream(jobId));
  const failed = events.find(({ type }) => type === 'StepAttemptFailed')?.data;
  return Date.parse(String(failed?.retryAt)) - Date.parse(String(failed?.at));
}

describe('an attempt that failed for a reason that may pass', () => {
  it('is followed by another one after a pause, until one succeeds', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    (await side.steps.next()).fail(unreachable);
    const second = await side.steps.next();

    expect(second.context.attempt).toBe(2);
    second.succeed();
    await side.until(jobId, 'SUCCEEDED');
    expect(await side.history(jobId)).toEqual([
      ...['JobQueued', 'JobStarted', 'StepStarted', 'StepAttemptFailed', 'StepStarted'],
      ...['StepSucceeded', 'JobSucceeded'],
    ]);
  });

  it('fails the step where it was the last one that is allowed', async () => {
    const side = await start(folder(), { maxAttempts: 3 });
    const jobId = await side.startJob();

    for (let attempt = 1; attempt <= 3; attempt += 1) (await side.steps.next()).fail(unreachable);

    await side.until(jobId, 'FAILED');
    expect(await side.job(jobId)).toMatchObject({ failure: unreachable, steps: [{ attempt: 3 }] });
  });

  it('is followed by a pause as long as the other side asked for', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    (await side.steps.next()).fail(failure('ACTUAL_RATE_LIMITED'), 40_000);

    await expect.poll(async () => (await side.history(jobId)).at(-1)).toBe('StepAttemptFailed');
    expect(await pauseMs(side, jobId)).toBeGreaterThanOrEqual(40_000);
    expect(await side.job(jobId)).toMatchObject({ steps: [{ status: 'WAITING' }] });
  });

  it('fails the step where the other side asked for more patience than there is', async () => {
    const side = await start(folder(), { maxRetryAfterMs: 1000 });
    const jobId = await side.startJob();

    (await side.steps.next()).fail(failure('ACTUAL_RATE_LIMITED'), 1001);

    await side.until(jobId, 'FAILED');
  });

  it('keeps its slot from nobody while it waits', async () => {
    const side = await start(folder(), { slots: 1, retryBaseMs: 60_000 });
    await side.startJob();
    const there = await side.startJob({ budgetId: 'business' });

    (await side.steps.next()).fail(unreachable);

    expect((await side.steps.next()).context.jobId).toBe(there);
  });

  it('is tried again after a restart, when its pause is over', async () => {
    const side = await prepare(folder());
    const retryAt = new Date(Date.now() + 50).toISOString();
    await record(side.store, laneStream('household'), admitted('a'));
    await record(
      side.store,
      jobStream('a'),
      ...[queued(syncRequest), started(), stepStarted(), attemptFailed(1, 1, retryAt)],
    );

    await side.start();

    expect((await side.steps.next()).context).toMatchObject({ jobId: 'a', attempt: 2 });
    expect(new Date().toISOString() >= retryAt).toBe(true);
  });

  it('is tried again at once after a restart before which the clock was set back by an hour', async () => {
    const side = await prepare(folder(), { longestPauseMs: 300_000 });
    const inAnHour = (minutes: number) => new Date(Date.now() + (60 + minutes) * 60_000).toISOString();
    const at = inAnHour(0);
    await record(side.store, laneStream('household'), { ...admitted('a'), at });
    const history = [queued(syncRequest), started(), stepStarted(), attemptFailed(1, 1, inAnHour(1))];
    await record(side.store, jobStream('a'), ...history.map((event) => ({ ...event, at })));

    await side.start();

    (await side.steps.next()).succeed(syncResult);
    await side.until('a', 'SUCCEEDED');
    expect(await side.job('a')).toMatchObject({ lastEventAt: at });
  });
});

describe('an attempt that failed for a reason that will not pass', () => {
  it('fails the step and the job at once, and later steps never start', async () => {
    const side = await start(folder());
    const jobId = await side.startJob({ type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } });

    (await side.steps.next()).fail(wrongPassword);

    await side.until(jobId, 'FAILED');
    expect(await side.job(jobId)).toMatchObject({
      failure: wrongPassword,
      steps: [{ status: 'FAILED', attempt: 1 }, { status: 'SKIPPED' }],
    });
    expect(side.steps.startedJobIds).toEqual([jobId]);
  });

  it('tells the user nothing of an error that nobody expected; the log has it', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();
    const error = new TypeError("Cannot read properties of undefined (reading 'secret')");

    (await side.steps.next()).crash(error);

    await side.until(jobId, 'FAILED');
    expect(await side.job(jobId)).toMatchObject({ failure: failure('INTERNAL') });
    expect(side.logged).toContainEqual(
      expect.objectContaining({ level: 'error', facts: expect.objectContaining({ err: error }) as object }),
    );
  });

  it('is one whose result could not be read again: it is not written', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    (await side.steps.next()).succeed({ ...syncResult, durationMs: Number.NaN } as typeof syncResult);

    await side.until(jobId, 'FAILED');
    expect(await side.job(jobId)).toMatchObject({ failure: failure('INTERNAL') });
  });
});

describe('an attempt that reports more at once than an append takes', () => {
  const tooLarge: Course = () => Promise.reject(new AppendTooLargeError('job-x', 1024 * 1024));
  const combined = { type: 'SUGGESTIONS_GENERATION', batch: { allUncategorized: true } };
  const two = { ...answered(1), unanswered: ['one', 'other'], suggestions: [] };

  it('has it recorded in parts', async () => {
    const side = await start(folder());
    const jobId = await side.startJob(combined);
    const attempt = await side.steps.next();
    side.store.onAppendOf('StepAdvanced', tooLarge);

    await attempt.context.advance(two);
    await attempt.context.advance(answered(3));
    attempt.succeed();

    await side.until(jobId, 'SUCCEEDED');
    expect(await side.job(jobId)).toMatchObject({
      steps: [
        {
          progress: [
            { batch: 1, unanswered: ['one'] },
            { batch: 2, unanswered: ['other'] },
            { batch: 3, suggestions: answers(3).suggestions },
          ],
        },
      ],
    });
  });

  it('fails where there is nothing to divide', async () => {
    const side = await start(folder());
    const jobId = await side.startJob(combined);
    const attempt = await side.steps.next();
    side.store.onAppendOf('StepAdvanced', tooLarge);

    await expect(attempt.context.advance({ ...two, unanswered: ['one'] })).rejects.toThrow(
      AppendTooLargeError,
    );
    attempt.crash(new Error('It could not be recorded'));

    await side.until(jobId, 'FAILED');
  });
});

describe('an attempt that takes longer than it may', () => {
  it('is told to stop, and the step fails', async () => {
    const side = await start(folder(), { deadlineMs: 10 });

    const jobId = await side.startJob();

    await side.until(jobId, 'FAILED');
    expect(await side.job(jobId)).toMatchObject({ failure: failure('STEP_DEADLINE') });
  });

  it('is left to itself where it does not stop, and what it still achieves is dropped', async () => {
    const side = await start(folder(), { deadlineMs: 10, stopGraceMs: 10 });
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();
    await side.until(jobId, 'FAILED');

    attempt.succeed();
    await expect(attempt.context.advance(answered(1))).rejects.toBeDefined();

    expect((await side.history(jobId)).slice(-2)).toEqual(['StepFailed', 'JobFailed']);
  });

  it('succeeds where it reaches its goal within the grace', async () => {
    const side = await start(folder(), { deadlineMs: 10 });
    side.steps.areStubborn = true;
    const jobId = await side.startJob();
    const attempt = await side.steps.next();
    await expect.poll(() => attempt.context.signal.aborted).toBe(true);

    attempt.succeed();

    await side.until(jobId, 'SUCCEEDED');
  });
});

describe('an attempt whose claim is no longer the current one', () => {
  it('is stopped when it reports a batch, which is dropped', async () => {
    const side = await start(folder(), { isDeaf: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();
    await record(side.store, jobStream(jobId), stepInterrupted());

    await expect(attempt.context.advance(answered(1))).rejects.toBeDefined();

    expect(attempt.context.signal.aborted).toBe(true);
    expect(await side.history(jobId)).not.toContain('StepAdvanced');
    await expect
      .poll(() => side.logged.map(({ message }) => message))
      .toContain('A step was stopped because its claim was lost');
  });

  it('has its result dropped, with a line in the log', async () => {
    const side = await start(folder(), { isDeaf: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();
    await record(side.store, jobStream(jobId), stepInterrupted());

    attempt.succeed();

    await expect
      .poll(() => side.logged.map(({ message }) => message))
      .toContain('A step ended after its claim was lost; its result was dropped');
    expect(await side.history(jobId)).not.toContain('StepSucceeded');
    expect((await side.steps.next()).context.attempt).toBe(2);
  });
});

describe('a plan with a step that this version does not know', () => {
  it('fails the job, as an error of ours', async () => {
    const side = await prepare(folder());
    const request = { ...syncRequest, plan: [{ step: 1, type: 'EXPORT' }] };
    await record(side.store, laneStream('household'), admitted('a', request));

    await side.start();

    await side.until('a', 'FAILED');
    expect(await side.job('a')).toMatchObject({ failure: failure('INTERNAL') });
  });
});
