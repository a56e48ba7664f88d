// Over EventStoreDB, against the bare client on the same server in the same run: short jobs a second, how fast the read
// models catch up, and how long after its append an event is seen by a subscriber of `jobUpdated`. The server is the one
// at EVENTSTORE_URL, or else the tests' own, which is no measure of EventStoreDB: only ratios carry over.
// Does not measure: steps that take time, HTTP and WebSockets, several servers, a cluster, networks.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import { loadConfig } from '../dist/src/config.js';
import { openEventStoreDb } from '../dist/src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { NamespacedEventStore } from '../dist/src/eventstore/namespaced-event-store.js';
import { openReadSide } from '../dist/src/read-side.js';
import { HistorySuggester } from '../dist/src/suggestions/history-suggester.js';
import { buildWriteSide } from '../dist/src/write-side.js';
import { syncResult } from './support/ended-sync.mjs';
import { openEventStoreServer } from './support/event-store-server.mjs';
import { median, ms, percentile } from './support/statistics.mjs';

const rounds = 3;
const lanes = 64;
const jobsPerRound = 2_000;
const appendsPerRound = 5_000;
const latencySamples = 300;
/** Between two samples, so that each is seen alone. */
const latencyPauseMs = 10;
/** What the bare client makes a second at 100 in flight where a server is to make 1,000 jobs. */
const wantedJobsPerAppend = 1_000 / 5_900;

const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const budgetIds = Array.from({ length: lanes }, () => randomUUID());
/** Everything is there and nothing has to be done. */
const budgets = {
  list: () => budgetIds.map((id) => ({ id, name: id })),
  sync: () => Promise.resolve(syncResult),
  unknownTransactions: () => Promise.resolve([]),
};

const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const server = await openEventStoreServer(process.env.EVENTSTORE_URL);
const namespace = `bench-${randomUUID()}`;
const store = counting(new NamespacedEventStore(openEventStoreDb({ url: server.url }), namespace));
const client = EventStoreDBClient.connectionString(server.url);
try {
  console.log(server.isOwn ? "Against the tests' own server:" : 'Against the server at EVENTSTORE_URL:');
  await measureJobs();
  await measureCatchUp();
  await measureLatency();
} finally {
  await deleteStreams();
  await client.dispose();
  await store.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function measureJobs() {
  const app = await openApp('jobs');
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    const appends = await rateOf(appendsPerRound, () => appendBare(appendsPerRound, 100));
    store.appends = 0;
    const jobs = await rateOf(jobsPerRound, () => runJobs(app, jobsPerRound));
    measured.push({ appends, jobs, ratio: jobs / appends, appendsPerJob: store.appends / jobsPerRound });
  }
  await app.close();
  const { appends, jobs, ratio, appendsPerJob } = measured.sort((a, b) => a.ratio - b.ratio)[
    (rounds - 1) / 2
  ];
  console.log(
    `short jobs: ${Math.round(jobs)}/s where the bare client makes ${Math.round(appends)} appends/s at 100 in flight; ` +
      `${appendsPerJob.toFixed(2)} appends a job`,
  );
  atLeast('jobs for each append of the bare client', ratio, wantedJobsPerAppend);
}

async function measureCatchUp() {
  const events = jobsPerRound * rounds;
  const bare = [];
  const ours = [];
  for (let round = 0; round < rounds; round++) {
    let count = 0;
    bare.push(await rateOf(1, async () => (count = await readBare())));
    bare[round] *= count;
    const readSide = openReadSide(store, newFolder(`catch-up-${round}`), silent, console.error);
    ours.push(count * (await rateOf(1, () => readSide.projector.start())));
    await readSide.close();
  }
  console.log(
    `catch-up of ${events} jobs: ${Math.round(median(ours))} events/s, bare subscribeToAll ${Math.round(median(bare))}/s`,
  );
  atLeast('catch-up / bare subscribeToAll', median(ours) / median(bare), 0.5);
}

async function measureLatency() {
  const bare = await bareLatencies();
  const app = await openApp('latency');
  const ours = await subscriberLatencies(app);
  await app.close();
  for (const [name, values] of [
    ['bare subscription', bare],
    ['jobUpdated', ours],
  ]) {
    console.log(`append to ${name}: p50 ${ms(median(values))}, p99 ${ms(percentile(values, 0.99))}`);
  }
  const [one, other] = [percentile(ours, 0.99), percentile(bare, 0.99) + 20];
  console.log(
    `p99 of jobUpdated: ${ms(one)} (wanted <= ${ms(other)}): ${one <= other ? 'reached' : 'MISSED'}`,
  );
}

/** All of a server but HTTP. */
async function openApp(name) {
  const dataDir = newFolder(name);
  const env = {
    EVENTSTORE_URL: server.url,
    EVENTSTORE_NAMESPACE: namespace,
    RUNNER_SLOTS: String(lanes),
    MAX_ACTIVE_JOBS: '100000',
  };
  const { ok: config } = loadConfig(env, {
    readFile: () => {
      throw Object.assign(new Error('There is none'), { code: 'ENOENT' });
    },
  });
  const readSide = openReadSide(store, dataDir, silent, console.error);
  const { directory } = readSide;
  const writeSide = buildWriteSide({
    mayBeCopy: false,
    config,
    runnerId: randomUUID(),
    store,
    budgets,
    suggester: new HistorySuggester(),
    directory,
    onTwin: console.error,
    log: silent,
  });
  readSide.onLiveChange((changes) => writeSide.sagaHost.happened(changes));
  await readSide.projector.start();
  await writeSide.start();
  const close = async () => {
    await writeSide.close();
    await readSide.close();
  };
  return { service: writeSide.service, updates: readSide.updates, close };
}

function start(app, budgetId) {
  return app.service.start('local', { type: 'SYNC', budgetId, onConflict: 'QUEUE' });
}

/** One after the other in each lane, all lanes at once; until the last has ended. */
async function runJobs(app, count) {
  const updates = app.updates.subscribe({ ownerId: 'local' });
  const ended = new Set();
  const waiting = new Map();
  const follow = (async () => {
    for await (const { id, status } of updates) {
      if (status !== 'SUCCEEDED') continue;
      ended.add(id);
      waiting.get(id)?.();
    }
  })();
  const untilEnded = (id) => (ended.has(id) ? undefined : new Promise((resolve) => waiting.set(id, resolve)));
  let left = count;
  await Promise.all(
    budgetIds.map(async (budgetId) => {
      while (left-- > 0) {
        const { jobId } = await start(app, budgetId);
        await untilEnded(jobId);
      }
    }),
  );
  await updates.return();
  await follow;
}

async function appendBare(count, inFlight) {
  let left = count;
  const caller = async () => {
    const stream = `${namespace}.bare-${randomUUID()}`;
    while (left-- > 0) {
      await client.appendToStream(
        stream,
        jsonEvent({ type: 'StepStarted', data: { text: 'x'.repeat(380) } }),
      );
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

async function readBare() {
  let count = 0;
  const prefixes = ['job-', 'lane-'].map((prefix) => `${namespace}.${prefix}`);
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes }) });
  const caughtUp = once(subscription, 'caughtUp').then(() => subscription.unsubscribe());
  for await (const { event } of subscription) if (event) count += 1;
  await caughtUp;
  return count;
}

async function bareLatencies() {
  const stream = `${namespace}.bare-${randomUUID()}`;
  const arrivals = new Map();
  const subscription = client.subscribeToAll({
    filter: streamNameFilter({ prefixes: [stream] }),
    fromPosition: 'end',
  });
  subscription.on('data', ({ event }) => event && arrivals.get(event.data.n)?.(performance.now()));
  await once(subscription, 'confirmation');
  const latencies = [];
  for (let n = 0; n < latencySamples; n++) {
    const arrived = new Promise((resolve) => arrivals.set(n, resolve));
    const began = performance.now();
    await client.appendToStream(stream, jsonEvent({ type: 'Something', data: { n } }));
    latencies.push((await arrived) - began);
    await pause(latencyPauseMs);
  }
  await subscription.unsubscribe();
  return latencies;
}

/** From the append that ends a job to the update that says so. */
async function subscriberLatencies(app) {
  const updates = app.updates.subscribe({ ownerId: 'local' });
  const latencies = [];
  for (let n = 0; n < latencySamples; n++) {
    const { jobId } = await start(app, budgetIds[n % lanes]);
    for await (const { id, status } of { [Symbol.asyncIterator]: () => ({ next: () => updates.next() }) }) {
      if (id !== jobId || status !== 'SUCCEEDED') continue;
      latencies.push(performance.now() - store.endedAt.get(jobId));
      break;
    }
    await pause(latencyPauseMs);
  }
  await updates.return();
  return latencies;
}

/** Counts appends, and remembers when the one began that ended a job. */
function counting(inner) {
  const counted = Object.create(inner);
  counted.appends = 0;
  counted.endedAt = new Map();
  counted.append = (stream, events, options) => {
    counted.appends += 1;
    if (events.some(({ type }) => type === 'JobSucceeded'))
      counted.endedAt.set(stream.slice(4), performance.now());
    return inner.append(stream, events, options);
  };
  for (const method of ['read', 'subscribe', 'isPosition', 'setMetadata', 'delete', 'close']) {
    counted[method] = (...args) => inner[method](...args);
  }
  return counted;
}

async function deleteStreams() {
  const stopping = new AbortController();
  const streams = new Set();
  for await (const item of store.subscribe({ signal: stopping.signal })) {
    if (item.kind === 'caught-up') break;
    streams.add(item.event.stream);
  }
  stopping.abort();
  for (const stream of streams) {
    const [last] = await store.read(stream, { direction: 'backwards', limit: 1 });
    if (last) await store.delete(stream, { expectedRevision: last.revision });
  }
}

function newFolder(name) {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function rateOf(count, work) {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

function atLeast(name, value, bound) {
  console.log(
    `${name}: ${value.toFixed(3)} (wanted >= ${bound.toFixed(3)}): ${value >= bound ? 'reached' : 'MISSED'}`,
  );
}
