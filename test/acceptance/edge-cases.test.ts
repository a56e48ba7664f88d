import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  allUncategorized,
  cancelJob,
  listJobs,
  readJob,
  retryJob,
  startJob,
  watchToEnd,
  watchUntil,
  type StartInput,
} from '../support/jobs-api.js';
import { openHousehold, uncategorisedCount, type Household } from '../support/household.js';

let household: Household;

beforeAll(async () => {
  household = await openHousehold({ budgets: 2 });
});

afterEach(() => {
  household.gate.open();
});

afterAll(async () => {
  await household.close();
});

/** A sync of the first budget that has begun and cannot go on until the gate is opened. */
async function heldSync(input: Partial<StartInput> = {}) {
  const { api, gate, budgetIds } = household;
  const held = gate.hold();
  const { job } = await startJob(api, { type: 'SYNC', budgetId: budgetIds[0] ?? '', ...input });
  await held;
  return job;
}

const first = () => household.budgetIds[0] ?? '';
const second = () => household.budgetIds[1] ?? '';

describe('the same job that is already running', () => {
  it('answers a second start (RETURN_EXISTING)', async () => {
    const { api } = household;
    const running = await heldSync();
    const again = await startJob(api, { type: 'SYNC', budgetId: first() });
    expect(again).toMatchObject({ created: false, job: { id: running.id, status: 'RUNNING' } });
    household.gate.open();
    await watchToEnd(api, running.id);
  });

  it('refuses a second start and names itself (REJECT)', async () => {
    const { api } = household;
    const running = await heldSync();
    await expect(
      startJob(api, { type: 'SYNC', budgetId: first(), onConflict: 'REJECT' }),
    ).rejects.toMatchObject({
      code: 'JOB_ALREADY_ACTIVE',
      extensions: { jobId: running.id },
    });
    household.gate.open();
    await watchToEnd(api, running.id);
  });

  it('is followed by one more, and only one, however often it is asked for (QUEUE)', async () => {
    const { api } = household;
    const running = await heldSync();
    const clicks = await Promise.all(
      Array.from({ length: 10 }, () =>
        startJob(api, { type: 'SYNC', budgetId: first(), onConflict: 'QUEUE' }),
      ),
    );
    expect(clicks.filter(({ created }) => created)).toHaveLength(1);
    const [waiting, ...others] = new Set(clicks.map(({ job }) => job.id));
    expect(others).toEqual([]);
    expect(await readJob(api, waiting ?? '')).toMatchObject({ status: 'QUEUED', queuePosition: 1 });
    household.gate.open();
    await watchToEnd(api, running.id);
    const next = await watchToEnd(api, waiting ?? '');
    expect(next).toMatchObject({ status: 'SUCCEEDED', queuePosition: null });
  });

  it('is started anew by a click right after its end', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SYNC', budgetId: first() });
    await watchToEnd(api, job.id);
    const again = await startJob(api, { type: 'SYNC', budgetId: first() });
    expect(again.created).toBe(true);
    await watchToEnd(api, again.job.id);
  });

  it('does not keep another budget waiting', async () => {
    const { api } = household;
    // Warm, so that it needs the server only for the sync itself.
    const running = await heldSync();
    const other = await startJob(api, { type: 'SYNC', budgetId: second() });
    expect(other).toMatchObject({ created: true, job: { queuePosition: null } });
    await watchUntil(api, other.job.id, ({ status }) => status === 'RUNNING');
    household.gate.open();
    for (const id of [running.id, other.job.id]) expect((await watchToEnd(api, id)).status).toBe('SUCCEEDED');
  });
});

describe('several combined jobs at once', () => {
  it('run one by one, in the order in which they came', async () => {
    const { api } = household;
    const blocking = await heldSync();
    const started = [];
    for (let n = 1; n <= 3; n++) {
      // Of one budget, each with another batch; the first transaction ids are as good as any.
      const ids = (await household.device.transactions())
        .filter(({ category }) => category === null)
        .map(({ id }) => id);
      const batch = { transactionIds: ids.slice(0, n) };
      started.push(await startJob(api, { type: 'SYNC_AND_GENERATE', budgetId: first(), batch }));
    }
    expect(started.map(({ job }) => [job.status, job.queuePosition])).toEqual([
      ['QUEUED', 1],
      ['QUEUED', 2],
      ['QUEUED', 3],
    ]);
    household.gate.open();
    const ended = await Promise.all(
      [blocking, ...started.map(({ job }) => job)].map(({ id }) => watchToEnd(api, id)),
    );
    expect(ended.map(({ status }) => status)).toEqual(Array(4).fill('SUCCEEDED'));
    for (const [earlier, later] of ended.slice(1).map((job, index) => [ended[index], job])) {
      expect(Date.parse(later?.startedAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(earlier?.completedAt ?? ''),
      );
    }
  });
});

describe('a batch', () => {
  it.each([
    ['that is missing', undefined, 'MISSING_INPUT'],
    ['of nothing', { transactionIds: [] }, 'MISSING_INPUT'],
    ['that is both kinds', { transactionIds: ['x'], allUncategorized: true }, 'INVALID_INPUT'],
    ['of transactions that do not exist', { transactionIds: ['no-such-transaction'] }, 'INVALID_INPUT'],
    [
      'of too many transactions',
      { transactionIds: Array.from({ length: 1_001 }, (_, i) => `t${i}`) },
      'INVALID_INPUT',
    ],
  ])('%s makes no job', async (_, batch, code) => {
    const { api } = household;
    const before = (await listJobs(api)).length;
    const input = { type: 'SUGGESTIONS_GENERATION', budgetId: first(), ...(batch && { batch }) } as const;
    await expect(startJob(api, input)).rejects.toMatchObject({ code });
    expect(await listJobs(api)).toHaveLength(before);
  });

  it('does not belong to a sync', async () => {
    const input = { type: 'SYNC', budgetId: first(), batch: allUncategorized } as const;
    await expect(startJob(household.api, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('of all that have no category finds those that can be given one', async () => {
    const { api } = household;
    const input = { type: 'SUGGESTIONS_GENERATION', budgetId: second(), batch: allUncategorized } as const;
    const ended = await watchToEnd(api, (await startJob(api, input)).job.id);
    expect(ended.steps[0]?.result).toMatchObject({
      requested: uncategorisedCount,
      model: inject('modelUrl') === undefined ? null : 'test-model',
    });
  });
});

describe('a budget', () => {
  it('has to be named where there are several', async () => {
    await expect(startJob(household.api, { type: 'SYNC' })).rejects.toMatchObject({ code: 'MISSING_INPUT' });
  });

  it('has to be one of those that are configured', async () => {
    await expect(startJob(household.api, { type: 'SYNC', budgetId: 'nope' })).rejects.toMatchObject({
      code: 'UNKNOWN_BUDGET',
    });
  });
});

describe('a job that is canceled', () => {
  it('while it waits in the queue is canceled at once', async () => {
    const { api } = household;
    const running = await heldSync();
    const { job } = await startJob(api, {
      type: 'SUGGESTIONS_GENERATION',
      budgetId: first(),
      batch: allUncategorized,
    });
    expect(job.status).toBe('QUEUED');
    expect(await cancelJob(api, job.id)).toMatchObject({ status: 'CANCELED', startedAt: null });
    household.gate.open();
    expect((await watchToEnd(api, running.id)).status).toBe('SUCCEEDED');
  });

  it('while it runs stops, and leaves the lane to the next one', async () => {
    const { api } = household;
    const running = await heldSync();
    const { job: next } = await startJob(api, { type: 'SYNC', budgetId: first(), onConflict: 'QUEUE' });
    const canceling = await cancelJob(api, running.id);
    expect(canceling.cancelRequestedAt).not.toBeNull();
    const ended = await watchToEnd(api, running.id);
    expect(ended).toMatchObject({ status: 'CANCELED', failure: null, steps: [{ status: 'CANCELED' }] });
    household.gate.open();
    expect((await watchToEnd(api, next.id)).status).toBe('SUCCEEDED');
  });

  it('while it waits to try again is canceled at once', async () => {
    await household.restart({ env: { RETRY_BASE_MS: '600000', RETRY_MAX_MS: '600000' } });
    const { api, gate } = household;
    gate.refuse();
    const { job } = await startJob(api, {
      type: 'SYNC_AND_GENERATE',
      budgetId: first(),
      batch: allUncategorized,
    });
    const waiting = await watchUntil(api, job.id, ({ steps }) => steps[0]?.nextAttemptAt !== null);
    expect(waiting).toMatchObject({
      status: 'RUNNING',
      steps: [{ failure: { code: 'ACTUAL_UNREACHABLE' } }, {}],
    });
    expect(await cancelJob(api, job.id)).toMatchObject({
      status: 'CANCELED',
      steps: [{ status: 'CANCELED', nextAttemptAt: null }, { status: 'CANCELED' }],
    });
    await household.restart();
  });

  it('while it looks for suggestions stops, and keeps none of a batch that was not answered', async () => {
    // Without its copy of the budget it has to ask the Actual server for one.
    await household.server.stop();
    rmSync(path.join(household.dataDir, 'actual'), { recursive: true });
    await household.restart();
    const { api, gate } = household;
    const held = gate.hold();
    const input = { type: 'SUGGESTIONS_GENERATION', budgetId: first(), batch: allUncategorized } as const;
    const { job } = await startJob(api, input);
    await held;
    expect(await cancelJob(api, job.id)).toMatchObject({ status: 'RUNNING' });
    const ended = await watchToEnd(api, job.id);
    expect(ended).toMatchObject({ status: 'CANCELED', steps: [{ status: 'CANCELED', result: null }] });
    expect(ended.history.map(({ event }) => event)).not.toContain('StepAdvanced');
  });

  it.each(['SUCCEEDED', 'FAILED', 'CANCELED'])('after it has %s stays as it is', async (status) => {
    const { api, gate } = household;
    const held = gate.hold();
    const { job } = await startJob(api, { type: 'SYNC', budgetId: first() });
    await held;
    if (status === 'CANCELED') await cancelJob(api, job.id);
    if (status === 'FAILED') gate.refuse();
    else gate.open();
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe(status);
    expect(await cancelJob(api, job.id)).toEqual(ended);
    expect(await readJob(api, job.id)).toEqual(ended);
  });

  it('that does not exist is not found', async () => {
    await expect(cancelJob(household.api, 'nope')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

describe('a job that is retried', () => {
  it('does not do again what had succeeded', async () => {
    const { api, device } = household;
    const answered = (await device.transactions()).find(({ category }) => category !== null);
    const id = answered?.id ?? '';
    const batch = { transactionIds: [id] };
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', budgetId: first(), batch });
    const failed = await watchToEnd(api, job.id);
    expect(failed).toMatchObject({
      status: 'FAILED',
      failure: { code: 'BATCH_EMPTY' },
      steps: [{ status: 'SUCCEEDED' }, { status: 'FAILED' }],
    });
    await device.updateTransactions([{ id, category: null }]);
    await device.sync();
    await watchToEnd(api, (await startJob(api, { type: 'SYNC', budgetId: first() })).job.id);

    const retried = await retryJob(api, job.id);

    expect(retried).toMatchObject({ created: true, job: { retryOf: job.id, type: 'SYNC_AND_GENERATE' } });
    const ended = await watchToEnd(api, retried.job.id);
    const [sync, suggestions] = ended.steps;
    expect(sync).toMatchObject({ status: 'SUCCEEDED', attempt: 0, result: failed.steps[0]?.result });
    expect(suggestions).toMatchObject({ status: 'SUCCEEDED', attempt: 1, result: { requested: 1 } });
    expect(ended.status).toBe('SUCCEEDED');
    expect(await readJob(api, job.id)).toEqual(failed);
  });

  it('goes on once what was wrong is mended', async () => {
    const { api, gate } = household;
    gate.refuse();
    const { job } = await startJob(api, { type: 'SYNC', budgetId: first() });
    expect((await watchToEnd(api, job.id)).status).toBe('FAILED');
    gate.open();
    const retried = await retryJob(api, job.id);
    expect(await watchToEnd(api, retried.job.id)).toMatchObject({ status: 'SUCCEEDED', retryOf: job.id });
  });

  it('must have failed or been canceled', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SYNC', budgetId: first() });
    await watchToEnd(api, job.id);
    await expect(retryJob(api, job.id)).rejects.toMatchObject({ code: 'JOB_NOT_RETRYABLE' });
    await expect(retryJob(api, 'nope')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
