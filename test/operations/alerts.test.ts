import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { openHousehold, type Household } from '../support/household.js';
import { startJob, watchToEnd } from '../support/jobs-api.js';
import { tempFolders } from '../support/temp-folder.js';
import { startPrometheus, type PrometheusServer } from './prometheus-server.js';

const run = promisify(execFile);
const promtool = process.env.PROMTOOL_PATH ?? 'promtool';
const fileOf = (name: string) => fileURLToPath(new URL(`../../operations/${name}`, import.meta.url));
const rules = readFileSync(fileOf('alerts.yml'), 'utf8');

describe('the rules', () => {
  it('are rules', async () => {
    const { stdout } = await run(promtool, ['check', 'rules', fileOf('alerts.yml')]);
    expect(stdout).toContain('SUCCESS: 3 rules found');
  });

  it('fire when they should on series as they could be', async () => {
    const { stdout } = await run(promtool, ['test', 'rules', fileOf('alerts.test.yml')]);
    expect(stdout).toContain('SUCCESS');
  });
});

describe('a Prometheus that reads the metrics of a server', () => {
  const folder = tempFolders()();
  const namespace = 'household';
  let eventStore: EventStoreDbServer;
  let household: Household;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    eventStore = new EventStoreDbServer({ file: path.join(folder, 'log.jsonl') });
    await eventStore.restart();
    household = await openHousehold({
      env: { EVENTSTORE_URL: eventStore.url, EVENTSTORE_NAMESPACE: namespace },
    });
    // The very rules, with times that a test can wait for.
    const hasty = rules
      .replaceAll(/for: \d+m/g, 'for: 0s')
      .replaceAll(/\[(1h|5m)\]/g, '[10s]')
      .replace('_behind_seconds) > 30', '_behind_seconds) > 2');
    expect(hasty).not.toMatch(/\d[mh]\b/);
    prometheus = await startPrometheus({ folder, rules: hasty, serverUrl: household.server.url });
  });

  afterAll(async () => {
    await prometheus.close();
    await household.close();
    await eventStore.kill();
  });

  const isFiring = (alerts: readonly string[]) =>
    expect.poll(() => prometheus.firing(), { timeout: 30_000, interval: 200 }).toEqual(alerts);
  const runJob = async (status: string) => {
    const { job } = await startJob(household.api, { type: 'SYNC' });
    expect(await watchToEnd(household.api, job.id)).toMatchObject({ status });
  };

  it('fires nothing while all is well', async () => {
    await expect.poll(() => prometheus.query('actual_jobs_ready == 1'), { timeout: 20_000 }).toBe(1);
    await runJob('SUCCEEDED');
    await expect
      .poll(() => prometheus.query('actual_jobs_ended_total{end="SUCCEEDED"} > 0'), { timeout: 20_000 })
      .toBe(1);
    await isFiring([]);
  });

  it('fires when jobs of a type fail, until one succeeds', async () => {
    household.gate.refuse();
    await expect
      .poll(() => prometheus.query('increase(actual_jobs_ended_total{end="SUCCEEDED"}[10s]) > 0'), {
        timeout: 30_000,
        interval: 200,
      })
      .toBe(0);
    await runJob('FAILED');
    await isFiring(['ActualJobsFailing type=SYNC']);
    household.gate.open();
    await runJob('SUCCEEDED');
    await isFiring([]);
  });

  it('fires when the read models do not go on, until they do', async () => {
    const store = openEventStoreDb({ url: eventStore.url });
    const stream = `${namespace}.job-${randomUUID()}`;
    const event = { id: randomUUID(), type: 'OrderPlaced', data: {} };
    await store.append(stream, [event], { expectedRevision: 'no-stream' });
    await isFiring(['ActualJobsBehind']);
    await store.delete(stream, { expectedRevision: 0 });
    await store.close();
    await isFiring([]);
  });

  it('fires when the event store is away, until it is back', async () => {
    await eventStore.kill();
    await isFiring(['ActualJobsEventStore']);
    await eventStore.restart();
    await isFiring([]);
  });

  it('understands every expression of the dashboard, and has series for those about what has happened', async () => {
    const text = readFileSync(fileOf('grafana-dashboard.json'), 'utf8');
    const { panels } = JSON.parse(text) as {
      panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
    };
    const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(asked.length).toBeGreaterThan(20);
    const empty: string[] = [];
    for (const { title, expr } of asked) {
      const plain = expr
        .replaceAll('$instance', '.*')
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$__range', '1h');
      expect(plain).not.toContain('$');
      if ((await prometheus.query(plain)) === 0) empty.push(title);
    }
    // No model is configured.
    expect(new Set(empty)).toEqual(new Set(['Tokens of the model']));
  });
});

describe('the metrics of a server', () => {
  const tempFolder = tempFolders();

  it('are as Prometheus wants them, but for three names of its client for Node', async () => {
    const household = await openHousehold();
    const text = await (await fetch(`${household.server.url}/metrics`)).text();
    await household.close();
    const child = run(promtool, ['check', 'metrics'], { cwd: tempFolder() });
    child.child.stdin?.end(text);
    const { stderr = '' } = (await child.catch((error: unknown) => error)) as { stderr?: string };
    expect(stderr.trim().split('\n')).toEqual(
      ['handles', 'requests', 'resources'].map(
        (what) => `nodejs_active_${what}_total non-counter metrics should not have "_total" suffix`,
      ),
    );
  });
});
