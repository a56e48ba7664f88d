import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { EventStore, JsonObject } from '../../src/eventstore/event-store.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import type { Readiness } from '../../src/server/readiness.js';
import { ApiClient } from '../support/api-client.js';
import { EventStoreDbServer, eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { jobUpdates, listJobs, readJob, startJob } from '../support/jobs-api.js';
import { selfSignedCertificate as tls } from '../support/self-signed-certificate.js';
import { runToItsEnd, spawnServer } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';

const patience = { timeout: 20_000, interval: 20 };
const tempFolder = tempFolders();
const startEventStore = eventStoreDbServers();

/** Nothing listens there: what is tried here comes before anybody asks it. */
const actual = {
  ACTUAL_SERVER_URL: 'http://127.0.0.1:9',
  ACTUAL_PASSWORD: 'hunter2',
  ACTUAL_SYNC_ID: 'b1',
  SWEEP_INTERVAL_MS: '200',
};

function caFile(): string {
  const file = path.join(tempFolder(), 'ca.pem');
  writeFileSync(file, tls.cert);
  return file;
}

const runs: ReturnType<typeof spawnServer>[] = [];
const stores: EventStore[] = [];
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.stop()));
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

function launch(eventStoreUrl: string, dataDir = tempFolder()) {
  const run = spawnServer({ dataDir, env: { ...actual, EVENTSTORE_URL: eventStoreUrl } });
  runs.push(run);
  return run;
}

/** Its address, as soon as it listens and says what it waits for. */
async function untilWaiting(run: ReturnType<typeof spawnServer>): Promise<string> {
  return vi.waitUntil(() => /listens at (\S+)/.exec(run.output())?.[1], patience);
}

async function readiness(url: string): Promise<{ status: number; parts: Readiness['parts'] }> {
  const response = await fetch(`${url}/readyz`);
  return {
    status: response.status,
    parts: ((await response.json()) as Readiness).parts,
  };
}

/** Writes as another program, or another version, would. */
async function write(url: string, stream: string, type: string, data: JsonObject): Promise<void> {
  const store = openEventStoreDb({ url });
  stores.push(store);
  await store.append(stream, [{ id: randomUUID(), type, data }], { expectedRevision: 'any' });
}

/** As whoever runs EventStoreDB would. */
async function remove(url: string, stream: string): Promise<void> {
  const store = openEventStoreDb({ url });
  stores.push(store);
  await store.delete(stream, { expectedRevision: 0 });
}

function expectNoSecret(output: string): void {
  expect(output).not.toContain('hunter2');
  expect(output).not.toContain('s3cr3t');
}

describe('a server that is started before EventStoreDB', () => {
  const server = new EventStoreDbServer({});
  afterAll(() => server.kill());

  it('waits, says so, claims nothing about jobs meanwhile, and becomes ready by itself', async () => {
    // Only to have a port.
    await server.restart();
    await server.kill();
    const run = launch(server.url);
    const url = await untilWaiting(run);
    expect(run.output()).toContain('is not ready yet: EventStoreDB could not be reached, or did not answer.');
    expect(await readiness(url)).toMatchObject({
      status: 503,
      parts: {
        eventStore: { reason: 'EventStoreDB could not be reached, or did not answer.' },
        saga: { ready: false, status: 'STOPPED' },
      },
    });
    const api = new ApiClient(url);
    const unavailable = { code: 'EVENT_STORE_UNAVAILABLE' };
    await expect(startJob(api, { type: 'SYNC' })).rejects.toMatchObject(unavailable);
    // There may be some: nobody can say yet.
    await expect(listJobs(api)).rejects.toMatchObject({
      ...unavailable,
      message: 'This server has not read all events yet, so it cannot list your jobs. Try again in a moment.',
    });
    await expect(readJob(api, 'a job')).rejects.toMatchObject(unavailable);
    await expect(jobUpdates(api, { jobId: 'a job' }).next()).rejects.toMatchObject(unavailable);

    await server.restart();
    expect(await run.ready).toBe(url);
    expect((await readiness(url)).status).toBe(200);
    expect(await readJob(api, 'a job')).toBeNull();
    expect(await listJobs(api)).toEqual([]);
    expect((await startJob(api, { type: 'SYNC' })).created).toBe(true);
    await api.close();
  });

  it('answers from the read models of its former life, where it has such', async () => {
    await server.kill();
    await server.restart();
    const dataDir = tempFolder();
    const former = launch(server.url, dataDir);
    const before = new ApiClient((await former.ready) ?? '');
    const { job } = await startJob(before, { type: 'SYNC' });
    await before.close();
    await former.stop();
    await server.kill();

    const api = new ApiClient(await untilWaiting(launch(server.url, dataDir)));

    expect((await listJobs(api)).map(({ id }) => id)).toEqual([job.id]);
    await api.close();
    await server.restart();
  });

  it('can be ended while it waits', async () => {
    await server.kill();
    const run = launch(server.url);
    await untilWaiting(run);
    expect(await run.stop('SIGTERM')).toBe(0);
    await server.restart();
  });
});

describe('a start with an EVENTSTORE_URL that is malformed', () => {
  it('ends with one sentence that says what to set', async () => {
    const { status, output } = await runToItsEnd({
      dataDir: tempFolder(),
      env: { ...actual, EVENTSTORE_URL: 'http://admin:s3cr3t@localhost:2113' },
    });
    expect(status).toBe(1);
    expect(output).toContain('EVENTSTORE_URL is not an address of EventStoreDB. Write it as esdb://');
    expect(output.trim().split('\n')).toHaveLength(1);
    expectNoSecret(output);
  });
});

describe('a server whose EventStoreDB', () => {
  it.each([
    [
      'refuses its password',
      { tls, user: 'admin:s3cr3t' },
      (port: number) => `esdb://admin:s3cr3t2@localhost:${port}?tlsCAFile=${encodeURIComponent(caFile())}`,
      'EventStoreDB refused the user of EVENTSTORE_URL.',
    ],
    [
      'does not speak TLS',
      {},
      (port: number) => `esdb://localhost:${port}`,
      'EventStoreDB does not speak TLS at the address of EVENTSTORE_URL.',
    ],
    [
      'has a certificate that nobody trusts',
      { tls },
      (port: number) => `esdb://localhost:${port}`,
      'The certificate of EventStoreDB is not trusted.',
    ],
  ])('%s says so and stays unready', async (_, options, urlAt, sentence) => {
    const { port } = await startEventStore(options);
    const run = launch(urlAt(port));
    const url = await untilWaiting(run);
    expect(run.output()).toContain(sentence);
    const { status, parts } = await readiness(url);
    expect(status).toBe(503);
    expect(parts.eventStore?.reason).toContain(sentence);
    expectNoSecret(JSON.stringify(parts));
    const api = new ApiClient(url);
    await expect(startJob(api, { type: 'SYNC' })).rejects.toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    await api.close();
    expect(await run.stop()).toBe(0);
    expectNoSecret(run.output());
    expect(run.output()).not.toContain('cannot become ready');
  });
});

describe('an event that this version cannot read', () => {
  const id = randomUUID();
  const cases: readonly (readonly [name: string, type: string, data: JsonObject])[] = [
    ['of another program', 'OrderPlaced', { total: 3 }],
    ['of a newer version', 'JobQueued', { v: 2, at: '2026-01-01T00:00:00.000Z', request: {} }],
  ];

  it.each(cases)('%s keeps the server unready from the start, and says why', async (_, type, data) => {
    const { url: store } = await startEventStore();
    await write(store, `job-${id}`, type, data);
    const run = launch(store);
    const url = await untilWaiting(run);
    await vi.waitFor(
      () => expect(run.output()).toContain(`Event 0 of stream job-${id} (${type}) cannot be read`),
      patience,
    );
    const { status, parts } = await readiness(url);
    expect(status).toBe(503);
    expect(parts.readModels).toMatchObject({ ready: false, status: 'FAILED' });
    expect(parts.readModels?.reason).toContain(`Event 0 of stream job-${id} (${type}) cannot be read`);

    await remove(store, `job-${id}`);
    expect(await run.ready).toBe(url);
    // Others, which find it in the log of all streams only, do not stop at it.
    expect(await launch(store).ready).toBeDefined();
  });

  it.each(cases)('%s makes a server that is ready unready, and nothing after it is read', async (...row) => {
    const [, type, data] = row;
    const { url: store } = await startEventStore();
    const run = launch(store);
    const url = (await run.ready) ?? '';
    await write(store, `job-${id}`, type, data);
    await vi.waitFor(async () => {
      const { status, parts } = await readiness(url);
      expect(status).toBe(503);
      expect(parts.readModels?.reason).toContain(`Event 0 of stream job-${id} (${type}) cannot be read`);
    }, patience);
    const api = new ApiClient(url);
    const not = (what: string) => ({
      code: 'EVENT_STORE_UNAVAILABLE',
      message: `This server has not read all events yet, so it cannot ${what}. Try again in a moment.`,
    });
    await expect(startJob(api, { type: 'SYNC' })).rejects.toMatchObject(
      not('count your active jobs, and has started nothing'),
    );
    const after = '00ffffffffffffff-00ffffffffffffff';
    await expect(jobUpdates(api, { after }).next()).rejects.toMatchObject(not('go on from this position'));
    expect(await listJobs(api)).toEqual([]);

    await remove(store, `job-${id}`);
    await vi.waitFor(async () => expect((await readiness(url)).status).toBe(200), patience);
    expect(await listJobs(api)).toEqual([]);
    await api.close();
  });

  it('is no concern of ours in a stream of somebody else', async () => {
    const { url: store } = await startEventStore();
    await write(store, 'order-1', 'JobQueued', { total: 3 });
    await write(store, 'jobs', 'JobQueued', { total: 3 });
    await write(store, 'my-job-1', 'JobQueued', { total: 3 });
    const run = launch(store);
    const url = (await run.ready) ?? '';
    await write(store, 'order-2', 'JobQueued', { total: 3 });
    const api = new ApiClient(url);
    const { job } = await startJob(api, { type: 'SYNC' });
    expect((await listJobs(api)).map((each) => each.id)).toEqual([job.id]);
    expect((await readiness(url)).status).toBe(200);
    await api.close();
  });
});
