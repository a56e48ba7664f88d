// `npm run soak -- --minutes M [--rate JOBS]`: the built server in front of a real Actual server (the demo's), with so many jobs
// started a second (2): all types, queued behind each other, a tenth of them canceled; twenty subscribers stay, one comes and
// goes. Then what the last tenth of the time took against the first: memory, handles, files, latencies. Jobs are kept for
// a minute, so that what comes and what goes is in balance. Does not measure: a budget that grows (the same transactions
// are looked at again and again), a model, several budgets, EventStoreDB, or more work than the rate.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startDemo } from '../dist/src/demo/demo.js';
import { footprintOf } from '../bench/support/footprint.mjs';
import { mutate, socketClient, startServer } from '../bench/support/server.mjs';
import { median, percentile, verdict } from '../bench/support/statistics.mjs';

const { minutes, rate } = given();
const spans = 10;
/** Until as many jobs go as come. */
const warmUpMs = 120_000;
const subscribers = 20;
const minuteInDays = String(1 / 1_440);
const batch = '{ allUncategorized: true }';
const inputs = [
  'type: SYNC',
  `type: SUGGESTIONS_GENERATION, batch: ${batch}`,
  'type: SYNC',
  `type: SYNC_AND_GENERATE, batch: ${batch}`,
];
const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };

const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-soak-'));
const dataDir = join(folder, 'data');
const demo = await startDemo({ folder: join(folder, 'demo'), intervalMs: 2_000_000_000, log: silent });
const server = await startServer({
  env: {
    DATA_DIR: dataDir,
    PORT: '0',
    ACTUAL_SERVER_URL: demo.url,
    ACTUAL_PASSWORD: demo.password,
    ACTUAL_SYNC_ID: demo.syncIds.join(','),
    RETENTION_DAYS: minuteInDays,
    RETENTION_INTERVAL_MS: '1000',
    MAX_ACTIVE_JOBS: '10000',
  },
});
/** Of jobs whose end has not been seen, or whose start has not been answered: the moment, and where to note it. */
const begun = new Map();
const seenEnded = new Map();
let visitor = Promise.resolve();
let isOver = false;

try {
  const clients = Array.from({ length: subscribers }, (_, index) =>
    follower(index === 0 ? sawEnd : () => undefined),
  );
  visitor = comeAndGo();
  await span(warmUpMs);
  const rows = [];
  for (let n = 1; n <= spans; n++) {
    rows.push(await span((minutes * 60_000) / spans));
    console.log(line(n, rows.at(-1)));
  }
  for (const client of clients) await client.dispose();
  compare(rows[0], rows.at(-1));
} finally {
  isOver = true;
  await visitor;
  await server.stop();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
}

/** So long, jobs are started at the rate. */
async function span(ms) {
  const row = { asked: [], ended: [], footprints: [] };
  const begin = performance.now();
  const starts = [];
  for (let n = 0; n < (ms / 1_000) * rate; n++) {
    const waitMs = begin + (n * 1_000) / rate - performance.now();
    if (waitMs > 0) await pause(waitMs);
    starts.push(startJob(n, row));
    if (n % rate === 0) row.footprints.push(footprintOf(server.pid, dataDir));
  }
  await Promise.all(starts);
  return row;
}

async function startJob(n, row) {
  const begin = performance.now();
  const input = `{ ${inputs[n % inputs.length]}, onConflict: QUEUE }`;
  const { startJob } = await mutate(server.url, `mutation { startJob(input: ${input}) { job { id } } }`);
  row.asked.push(performance.now() - begin);
  const { id } = startJob.job;
  begun.set(id, { begin, row });
  note(id);
  if (n % 10 === 9) await mutate(server.url, 'mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
}

function sawEnd(id) {
  seenEnded.set(id, performance.now());
  note(id);
}

/** Its end may be seen before its start is answered. */
function note(id) {
  if (!begun.has(id) || !seenEnded.has(id)) return;
  const { begin, row } = begun.get(id);
  row.ended.push(seenEnded.get(id) - begin);
  begun.delete(id);
  seenEnded.delete(id);
}

function follower(onEnd) {
  const client = socketClient(server.url);
  client.subscribe(
    { query: 'subscription { jobUpdated { id status completedAt failure { code } } }' },
    {
      next: ({ data }) => {
        const { id, status, completedAt, failure } = data.jobUpdated;
        if (status === 'FAILED') fail(new Error(`A job failed: ${failure.code}`));
        if (completedAt !== null) onEnd(id);
      },
      error: fail,
      complete: () => undefined,
    },
  );
  return client;
}

/** Whoever looks at the list for some seconds, again and again. */
async function comeAndGo() {
  while (!isOver) {
    const client = follower(() => undefined);
    await mutate(server.url, '{ jobs(first: 50) { totalCount nodes { id status steps { status } } } }');
    await pause(3_000);
    await client.dispose();
  }
}

function fail(error) {
  console.error(error);
  process.exitCode = 1;
}

function summary({ asked, ended, footprints }) {
  const of = (name) => median(footprints.map((footprint) => footprint[name]));
  return {
    'start of a job, median': median(asked),
    'start of a job, p99': percentile(asked, 0.99),
    'until its end is seen, median': median(ended),
    'until its end is seen, p99': percentile(ended, 0.99),
    'memory of the server': of('server') / 1e6,
    "memory of the budget's process": of('budgets') / 1e6,
    handles: of('handles'),
    files: of('files') / 1e6,
  };
}

function line(n, row) {
  const numbers = Object.entries(summary(row)).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  return `tenth ${n}: ${row.asked.length} jobs; ${numbers.join('; ')} (ms, MB)`;
}

function compare(first, last) {
  const before = summary(first);
  for (const [name, value] of Object.entries(summary(last))) {
    verdict(`${name}, last tenth / first`, value / before[name], name.endsWith('p99') ? 2 : 1.2);
  }
}

function given() {
  const options = { minutes: { type: 'string', default: '30' }, rate: { type: 'string', default: '2' } };
  const { values } = parseArgs({ options });
  const numbers = { minutes: Number(values.minutes), rate: Number(values.rate) };
  if (Object.values(numbers).every((number) => number > 0)) return numbers;
  console.error('Say `npm run soak -- --minutes M [--rate JOBS]`, both above 0.');
  process.exit(1);
}
