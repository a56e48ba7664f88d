import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import { allUncategorized, cancelJob, startJob, watchToEnd, watchUntil } from '../support/jobs-api.js';
import { scrape, Scrape } from '../support/metrics.js';
import { Observer } from '../support/observer.js';

let household: Household;

beforeAll(async () => {
  household = await openHousehold();
});

// Each begins with a server that has counted nothing.
afterEach(async () => {
  household.gate.open();
  await household.restart();
});

afterAll(() => household.close());

/** An event may be seen before whoever appended it has counted it. */
const toldSoon = (expectations: (told: Scrape) => void) =>
  vi.waitFor(async () => expectations(await scrape(household.server.url)), { timeout: 10_000, interval: 50 });
const sync = { type: 'SYNC', onConflict: 'QUEUE' } as const;
const combined = { type: 'SYNC_AND_GENERATE', batch: allUncategorized } as const;
const runToEnd = async (input: typeof sync | typeof combined) =>
  watchToEnd(household.api, (await startJob(household.api, input)).job.id);

describe('whoever reads the metrics of a server', () => {
  it('sees jobs by type and end, and how long their steps took', async () => {
    await runToEnd(sync);
    await runToEnd(combined);
    await runToEnd(sync);

    await toldSoon((told) => {
      expect(told.nonZero('actual_jobs_queued_total')).toEqual({ SYNC: 2, SYNC_AND_GENERATE: 1 });
      expect(told.nonZero('actual_jobs_ended_total')).toEqual({
        'SYNC SUCCEEDED': 2,
        'SYNC_AND_GENERATE SUCCEEDED': 1,
      });
      expect(told.nonZero('actual_jobs_step_duration_seconds_count')).toEqual({
        'SYNC SUCCEEDED': 3,
        'SUGGESTIONS_GENERATION SUCCEEDED': 1,
      });
      const syncs = { type: 'SYNC', end: 'SUCCEEDED' };
      expect(told.value('actual_jobs_step_duration_seconds_sum', syncs)).toBeGreaterThan(0);
      expect(told.value('actual_jobs_step_duration_seconds_sum', syncs)).toBeLessThan(60);
      expect(told.nonZero('actual_jobs_step_failures_total')).toEqual({});
      expect(told.nonZero('actual_jobs_actual_errors_total')).toEqual({});
    });
  });

  it('sees what went wrong with Actual by its code, each attempt once', async () => {
    household.gate.refuse();
    const { job } = await startJob(household.api, sync);
    expect(await watchToEnd(household.api, job.id)).toMatchObject({
      failure: { code: 'ACTUAL_UNREACHABLE' },
    });

    await toldSoon((told) => {
      expect(told.nonZero('actual_jobs_ended_total')).toEqual({ 'SYNC FAILED': 1 });
      expect(told.nonZero('actual_jobs_step_failures_total')).toEqual({ 'SYNC ACTUAL_UNREACHABLE': 2 });
      expect(told.nonZero('actual_jobs_actual_errors_total')).toEqual({ 'sync ACTUAL_UNREACHABLE': 2 });
      expect(told.nonZero('actual_jobs_step_duration_seconds_count')).toEqual({
        'SYNC RETRIED': 1,
        'SYNC FAILED': 1,
      });
    });
  });

  it('sees what waits and what runs', async () => {
    const held = household.gate.hold();
    const running = (await startJob(household.api, sync)).job;
    await held;
    const waiting = (await startJob(household.api, sync)).job;
    const observer = new Observer(household.server.url, { jobId: waiting.id });
    await observer.until(({ status }) => status === 'QUEUED');

    await toldSoon((told) => {
      expect(told.nonZero('actual_jobs_active')).toEqual({ 'SYNC QUEUED': 1, 'SYNC RUNNING': 1 });
      expect(told.value('actual_jobs_longest_queue')).toBe(2);
      expect(told.value('actual_jobs_oldest_queued_seconds')).toBeGreaterThan(0);
      expect(told.nonZero('actual_jobs_runner_slots')).toEqual({ busy: 1, free: 3 });
      expect(told.value('actual_jobs_subscribers')).toBe(1);
      expect(told.value('actual_jobs_updates_total')).toBeGreaterThan(0);
    });

    await cancelJob(household.api, waiting.id);
    await cancelJob(household.api, running.id);
    household.gate.open();
    await watchUntil(household.api, running.id, ({ status }) => status === 'CANCELED');
    await observer.close();
    await toldSoon((told) => {
      expect(told.nonZero('actual_jobs_ended_total')).toEqual({ 'SYNC CANCELED': 2 });
      // What never ran took no time.
      expect(told.nonZero('actual_jobs_step_duration_seconds_count')).toEqual({ 'SYNC CANCELED': 1 });
      expect(told.nonZero('actual_jobs_active')).toEqual({});
      expect(told.nonZero('actual_jobs_runner_slots')).toEqual({ free: 4 });
      expect(told.value('actual_jobs_oldest_queued_seconds')).toBe(0);
      expect(told.value('actual_jobs_subscribers')).toBe(0);
    });
  });

  it('sees how fast the event store answers, and how soon queries show what was appended', async () => {
    await runToEnd(sync);

    await toldSoon((told) => {
      const count = (name: string, labels = {}) => told.value(`actual_jobs_${name}_count`, labels) ?? 0;
      const appends = count('event_store_duration_seconds', { operation: 'append', outcome: 'ok' });
      // Admitted, started, ended and released; each in one append.
      expect(appends).toBeGreaterThanOrEqual(4);
      expect(count('event_store_duration_seconds', { operation: 'read', outcome: 'ok' })).toBeGreaterThan(0);
      expect(
        told.value('actual_jobs_event_store_duration_seconds_sum', { operation: 'append' }),
      ).toBeLessThan(60);
      expect(count('projection_lag_seconds')).toBeGreaterThanOrEqual(3);
      expect(told.nonZero('actual_jobs_projection_behind_seconds')).toEqual({});
      expect(told.valuesOf('projection').size).toBe(6);
      expect(told.nonZero('actual_jobs_part_ready')).toEqual({ eventStore: 1, readModels: 1, saga: 1 });
      expect(told.value('actual_jobs_ready')).toBe(1);
    });
  });

  it('sees nothing twice after a restart, not even where the read models are made anew', async () => {
    await runToEnd(sync);
    const held = household.gate.hold();
    const { job } = await startJob(household.api, sync);
    await held;
    await household.server.stop('SIGKILL');
    rmSync(path.join(household.dataDir, 'read-models.sqlite'));
    household.gate.open();
    await household.restart();
    await watchToEnd(household.api, job.id);

    await toldSoon((told) => {
      expect(told.nonZero('actual_jobs_queued_total')).toEqual({});
      expect(told.nonZero('actual_jobs_ended_total')).toEqual({ 'SYNC SUCCEEDED': 1 });
      expect(told.nonZero('actual_jobs_step_duration_seconds_count')).toEqual({ 'SYNC SUCCEEDED': 1 });
    });
  });

  it('finds each metric in the table of the documentation, and no others there', async () => {
    const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const table = /<!-- metrics -->(.*)<!-- \/metrics -->/s.exec(text)?.[1] ?? '';
    const rows = [...table.matchAll(/^\| `(\w+)` \| \w+ \| ((?:`\w+`(?:, )?)*) ?\|/gm)];
    const withAModel = ['actual_jobs_model_tokens_total', 'actual_jobs_model_cost_total'];
    const documented = rows
      .filter(([, name = '']) => !withAModel.includes(name))
      .map(([, name = '', labels = '']) => `${name} ${[...labels.matchAll(/\w+/g)].sort().join(' ')}`);

    const told = await scrape(household.server.url);
    const real = [...told.names]
      .filter((name) => name.startsWith('actual_jobs_') && !/_(sum|count)$/.test(name))
      .map((name) => [name.replace(/_bucket$/, ''), ...told.labelsOf(name)].join(' '))
      .map((words) => (words.includes(' ') ? words : `${words} `));
    expect(documented.sort()).toEqual(real.sort());
  });

  it.each(['alerts.yml', 'alerts.test.yml', 'grafana-dashboard.json'])(
    'finds each metric of %s',
    async (name) => {
      const text = readFileSync(new URL(`../../operations/${name}`, import.meta.url), 'utf8');
      const named = new Set(text.match(/\b(actual_jobs|nodejs|process)_[a-z\d_]+/g));
      expect(named.size).toBeGreaterThan(3);
      const { names } = await scrape(household.server.url);
      const missing = [...named].filter((metric) => !names.has(metric) && !metric.includes('_model_'));
      expect(missing).toEqual([]);
    },
  );

  it('sees no names of people, budgets or jobs, and what Node tells of itself', async () => {
    const { id } = await runToEnd(combined);

    const response = await fetch(new URL('/metrics', household.server.url));
    const text = await response.text();
    for (const secret of [id, household.budgetIds[0] ?? '', 'local', 'Household', 'LIDL']) {
      expect(text).not.toContain(secret);
    }
    expect([...new Scrape(text).names]).toEqual(
      expect.arrayContaining(['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']),
    );
  });
});
