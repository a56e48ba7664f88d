import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  cancelJob,
  listJobs,
  readJob,
  retryJob,
  startJob,
  watchToEnd,
  type JobData,
} from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';

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

/** Queries show the job as somebody was told of it, or as it has become since. */
async function expectToBeShown(told: JobData): Promise<void> {
  const { api } = household;
  const [one, listed] = await Promise.all([readJob(api, told.id), listJobs(api, { types: [told.type] })]);
  for (const job of [one, listed.find(({ id }) => id === told.id)]) {
    expect(job?.history.slice(0, told.history.length)).toEqual(told.history);
    expect((job?.position ?? '') >= told.position).toBe(true);
    if (job?.position === told.position) expect(job).toEqual({ ...told, queuePosition: job.queuePosition });
  }
}

const rounds = 5;

describe('whoever is told of a job', () => {
  it('by an update, is shown no less by the query that follows it', async () => {
    const { api, server, budgetIds } = household;
    const [first = '', second = ''] = budgetIds;
    const observer = new Observer(server.url, { after: '' });
    const checks: Promise<void>[] = [];
    const checking = (async () => {
      for await (const update of observer.updates()) checks.push(expectToBeShown(update));
    })();

    for (let round = 0; round < rounds; round++) {
      const started = [
        await startJob(api, { type: 'SYNC', budgetId: first }),
        await startJob(api, { type: 'SYNC_AND_GENERATE', budgetId: first, batch: allUncategorized }),
        await startJob(api, { type: 'SUGGESTIONS_GENERATION', budgetId: second, batch: allUncategorized }),
        await startJob(api, { type: 'SYNC', budgetId: second }),
      ];
      for (const { job } of started) {
        await watchToEnd(api, job.id);
        await observer.until(({ id, status }) => id === job.id && status === 'SUCCEEDED');
      }
    }

    await observer.close();
    await checking;
    await Promise.all(checks);
    // Of each job more than its end was told.
    expect(checks.length).toBeGreaterThan(2 * 4 * rounds);
  });

  it('by the answer to a mutation, is shown no less by the query that follows it', async () => {
    const { api, gate, budgetIds } = household;
    const [budgetId = ''] = budgetIds;
    const held = gate.hold();
    const head = await startJob(api, { type: 'SYNC', budgetId });
    await held;
    const input = { type: 'SUGGESTIONS_GENERATION', budgetId, batch: allUncategorized } as const;
    for (let round = 0; round < 5 * rounds; round++) {
      const { job, created } = await startJob(api, input);
      expect(created).toBe(true);
      await expectToBeShown(job);
      // Whoever asks once more is answered with what everybody sees.
      const again = await startJob(api, input);
      expect(again).toEqual({ job, created: false });
      const canceled = await cancelJob(api, job.id);
      expect(canceled.status).toBe('CANCELED');
      await expectToBeShown(canceled);
      const retried = await retryJob(api, job.id);
      await expectToBeShown(retried.job);
      expect(await cancelJob(api, retried.job.id)).toMatchObject({ status: 'CANCELED', retryOf: job.id });
    }
    gate.open();
    await expectToBeShown(await watchToEnd(api, head.job.id));
  });
});
