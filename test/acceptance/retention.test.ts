import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

const patience = { timeout: 20_000, interval: 20 };
/** 0.864 seconds. */
const soon = { RETENTION_DAYS: '0.00001', RETENTION_INTERVAL_MS: '20' };
const keyed = { type: 'SYNC_AND_GENERATE', batch: allUncategorized, idempotencyKey: 'last month' } as const;

let household: Household;
/** Ended before the server was told to keep jobs for a second only. */
let old: JobData;
/** Runs ever since, and can't go on. */
let active: JobData;

beforeAll(async () => {
  household = await openHousehold();
  old = await watchToEnd(household.api, (await startJob(household.api, keyed)).job.id);
  const held = household.gate.hold();
  active = (await startJob(household.api, { type: 'SYNC' })).job;
  await held;
  await household.restart({ env: soon });
});

afterAll(async () => {
  await household.close();
});

const gone = (id: string) => vi.waitUntil(async () => (await readJob(household.api, id)) === null, patience);

/** How often a text stands in the files that queries are answered from. */
function countInReadModels(text: string): number {
  const db = new Database(path.join(household.dataDir, 'read-models.sqlite'), { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const rows = tables.flatMap((table) => db.prepare(`SELECT * FROM "${table}"`).all());
  db.close();
  return rows.filter((row) => JSON.stringify(row).includes(text)).length;
}

describe('a job that ended longer ago than RETENTION_DAYS', () => {
  it('is gone from queries, commands and updates, as if there had been none', async () => {
    expect(old.status).toBe('SUCCEEDED');
    await gone(old.id);
    const { api, server } = household;
    expect((await listJobs(api)).map(({ id }) => id)).toEqual([active.id]);
    const { jobs } = await api.request<{ jobs: { totalCount: number } }>('{ jobs { totalCount } }');
    expect(jobs.totalCount).toBe(1);
    await expect(cancelJob(api, old.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(retryJob(api, old.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const observer = new Observer(server.url, { jobId: old.id });
    expect(await observer.ended).toMatchObject({ code: 'JOB_NOT_FOUND' });
    await observer.close();
  });

  it('leaves nothing behind in the event log and in the read models', async () => {
    const text = async () => JSON.stringify(await household.events());
    await vi.waitUntil(async () => !(await text()).includes(old.id), patience);
    const events = await text();
    expect(events).toContain(active.id);
    expect(events).not.toContain('Groceries');
    await vi.waitUntil(() => countInReadModels(old.id) === 0, patience);
    expect(countInReadModels(active.id)).toBeGreaterThan(0);
    expect(countInReadModels('Groceries')).toBe(0);
  });

  it('gives its idempotency key back', async () => {
    const { api } = household;
    await gone(old.id);
    const again = await startJob(api, keyed);
    expect(again).toMatchObject({ created: true, job: { id: old.id, status: 'QUEUED' } });
    expect(again.job.createdAt > old.createdAt).toBe(true);
    await cancelJob(api, again.job.id);
    await gone(again.job.id);
  });
});

describe('a job that is active', () => {
  it('stays, though jobs that began and ended after it are gone', async () => {
    const { api } = household;
    const later = await startJob(api, { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized });
    expect(await cancelJob(api, later.job.id)).toMatchObject({ status: 'CANCELED' });
    await gone(later.job.id);
    expect(await readJob(api, active.id)).toMatchObject({ status: 'RUNNING', steps: [{ attempt: 2 }] });
  });

  it('goes as soon as it has ended long enough ago, and alone is told of until then', async () => {
    const { api, server, gate } = household;
    await gone(old.id);
    const observer = new Observer(server.url, { after: '' });
    gate.open();
    await observer.until(({ id, status }) => id === active.id && status === 'SUCCEEDED');
    expect(new Set(observer.seen.map(({ id }) => id))).toEqual(new Set([active.id]));
    await observer.close();
    await gone(active.id);
    expect(await listJobs(api)).toEqual([]);
  });
});
