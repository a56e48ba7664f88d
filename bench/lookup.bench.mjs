// A job by its id over HTTP, with 1,000 and with 1,000,000 jobs in the read models: random ids, one request at a time. The
// jobs are copies of one that ran, written into the tables directly. Does not measure: many clients at once, a cold disk
// cache, or what a million jobs cost in the event store.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { mutate, startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const few = 1_000;
const many = 1_000_000;
const requests = 5_000;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const env = { DATA_DIR: folder, PORT: '0', DEMO_INTERVAL_MS: '2000000000' };

try {
  const original = await runOneJob();
  const ids = [];
  addCopies(original, few, ids);
  const small = await lookups(ids);
  addCopies(original, many - few, ids);
  const large = await lookups(ids);
  for (const [name, times] of Object.entries({ [few]: small, [many]: large })) {
    console.log(`with ${name} jobs: median ${ms(median(times))}, p99 ${ms(percentile(times, 0.99))}`);
  }
  const ratio = percentile(large, 0.99) / percentile(small, 0.99);
  verdict('p99 of job(id) with 1,000,000 jobs / with 1,000', ratio, 2);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Its id. */
async function runOneJob() {
  const server = await startServer({ env });
  const { startJob } = await mutate(
    server.url,
    'mutation { startJob(input: { type: SYNC }) { job { id } } }',
  );
  const { id } = startJob.job;
  for (;;) {
    const { job } = await mutate(server.url, `{ job(id: "${id}") { completedAt } }`);
    if (job.completedAt !== null) break;
  }
  await server.stop();
  return id;
}

function addCopies(original, count, ids) {
  const database = new Database(join(folder, 'read-models.sqlite'));
  const copyOf = (table, key) => {
    const columns = database.pragma(`table_info(${table})`).map(({ name }) => name);
    const values = columns.map((name) => (name === key ? '@id' : name)).join(', ');
    return database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM ${table} WHERE ${key} = @original`,
    );
  };
  const [job, steps] = [copyOf('jobs', 'id'), copyOf('steps', 'job_id')];
  database.transaction(() => {
    for (let done = 0; done < count; done++) {
      const id = randomUUID();
      job.run({ id, original });
      steps.run({ id, original });
      ids.push(id);
    }
  })();
  database.close();
}

/** How long each of them took, in milliseconds. */
async function lookups(ids) {
  const server = await startServer({ env });
  const times = [];
  for (let request = -requests / 5; request < requests; request++) {
    const id = ids[Math.floor(Math.random() * ids.length)];
    const begin = performance.now();
    const { job } = await mutate(server.url, `{ job(id: "${id}") { status steps { status } } }`);
    if (request >= 0) times.push(performance.now() - begin);
    if (job?.status !== 'SUCCEEDED') throw new Error(`${id} was not found`);
  }
  await server.stop();
  return times;
}
