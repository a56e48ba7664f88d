// A step runs, its server is killed: how long until the step runs again, beyond what a server takes to start. In a SQLite log
// of 1,000,000 events (100,000 jobs that ended) and in one without any, and how much longer the start itself takes; then over
// EventStoreDB (the tests' own server) by the same server and, where that one stays away, by another one. Does not measure:
// a cold disk cache, the first start with new read models, networks, or what the step does: Actual never answers here.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addOldJobs, eventsOfAnOldJob } from './support/old-jobs.mjs';
import { openEventStoreServer } from './support/event-store-server.mjs';
import { mutate, startServer } from './support/server.mjs';
import { openSilentActual } from './support/silent-actual.mjs';
import { median, verdict } from './support/statistics.mjs';

const runs = 5;
const jobs = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const actual = await openSilentActual();

try {
  await overSqlite();
  await overEventStoreDb();
} finally {
  actual.close();
  rmSync(folder, { recursive: true, force: true });
}

async function overSqlite() {
  const results = {};
  for (const name of ['empty', 'full']) {
    const dataDir = newDataDir(name);
    if (name === 'full') {
      await addOldJobs(dataDir, { count: jobs, at: new Date().toISOString() });
      // Makes the read models.
      await (await start({ DATA_DIR: dataDir })).stop();
    }
    results[name] = await killed({ DATA_DIR: dataDir });
  }
  const { empty, full } = results;
  console.log(
    `SQLite, ${jobs * eventsOfAnOldJob} events, median of ${runs}; a server without any is ready in ${s(empty.ready)}`,
  );
  verdict('start, beyond that', full.ready - empty.ready, 1, ' s');
  verdict('SIGKILL to the step running again, beyond that', full.again - empty.ready, 1, ' s');
}

async function overEventStoreDb() {
  const server = await openEventStoreServer();
  const envOf = (name, namespace) => ({
    EVENTSTORE_URL: server.url,
    EVENTSTORE_NAMESPACE: namespace,
    DATA_DIR: newDataDir(name),
  });
  try {
    const same = await killed(envOf('one', 'killed'));
    console.log(`EventStoreDB, median of ${runs}; a server is ready in ${s(same.ready)}`);
    verdict(
      'SIGKILL to the step running again by the same server, beyond that',
      same.again - same.ready,
      2,
      ' s',
    );
    verdict('SIGKILL to the step running again by another server', await takenOver(envOf), 30, ' s');
  } finally {
    await server.stop();
  }
}

/** Medians in seconds from the start of the server that goes on: until it is ready, until the step runs again. */
async function killed(env) {
  let server = await start(env);
  let attempt = await untilAttempt(server, await startJob(server), 1);
  const times = { ready: [], again: [] };
  for (let run = 0; run < runs; run++) {
    await server.stop('SIGKILL');
    const begin = Date.now();
    server = await start(env);
    times.ready.push((Date.now() - begin) / 1_000);
    attempt = await untilAttempt(server, attempt.jobId, attempt.number + 1);
    times.again.push((attempt.at - begin) / 1_000);
  }
  await server.stop('SIGKILL');
  return { ready: median(times.ready), again: median(times.again) };
}

/** Seconds. */
async function takenOver(envOf) {
  const one = await start(envOf('two', 'taken-over'));
  const { jobId } = await untilAttempt(one, await startJob(one), 1);
  const other = await start(envOf('three', 'taken-over'));
  await one.stop('SIGKILL');
  const begin = Date.now();
  const { at } = await untilAttempt(other, jobId, 2);
  await other.stop('SIGKILL');
  return (at - begin) / 1_000;
}

async function startJob({ url }) {
  const { startJob } = await mutate(url, 'mutation { startJob(input: { type: SYNC }) { job { id } } }');
  return startJob.job.id;
}

/** When this attempt began, as it was recorded. */
async function untilAttempt({ url }, jobId, number) {
  const query = 'query ($id: ID!) { job(id: $id) { status steps { attempt status } history { at event } } }';
  for (;;) {
    const { job } = await mutate(url, query, { id: jobId });
    if (job.status === 'FAILED') throw new Error('The job failed');
    const [step] = job.steps;
    const begun = job.history.findLast(({ event }) => event === 'StepStarted');
    if (step.attempt === number && step.status === 'RUNNING')
      return { jobId, number, at: Date.parse(begun.at) };
    await pause(20);
  }
}

function start(env) {
  return startServer({ env: { PORT: '0', ...actual.env, MAX_INTERRUPTIONS: '100', ...env } });
}

function newDataDir(name) {
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  return dataDir;
}

function s(seconds) {
  return `${seconds.toFixed(2)} s`;
}
