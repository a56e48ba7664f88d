// The query of one job by its id, with its steps and its history, over HTTP, one after the other: where the read models hold
// 1,000,000 jobs against where they hold 1,000, two servers asked in turn, for jobs at random. Does not measure: a cold
// disk (the file has just been written), many at once, changes meanwhile, or how the read models are made: their files
// are filled without a log.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillReadModels } from './support/fill-read-models.mjs';
import { mutate, startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const samples = 5_000;
const warmUp = 1_000;
const few = 1_000;
const many = 1_000_000;
const query = 'query ($id: ID!) { job(id: $id) { id status steps { type status } history { message } } }';
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));

const sides = [];
try {
  for (const count of [few, many]) sides.push(await open(count));
  for (let sample = -warmUp; sample < samples; sample++) {
    for (const side of sides) {
      const took = await timed(side);
      if (sample >= 0) side.times.push(took);
    }
  }
  for (const { count, times } of sides) {
    console.log(
      `one of ${count} jobs, ${samples} times: median ${ms(median(times))}; p99 ${ms(percentile(times, 0.99))}`,
    );
  }
  const [small, large] = sides.map(({ times }) => percentile(times, 0.99));
  verdict(`p99 of one of ${many} jobs / of ${few}`, large / small, 2);
} finally {
  for (const { server } of sides) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function open(count) {
  const DATA_DIR = join(folder, String(count));
  const ids = fillReadModels(DATA_DIR, count);
  const server = await startServer({ env: { DATA_DIR, PORT: '0', DEMO_INTERVAL_MS: '2000000000' } });
  const { jobs } = await mutate(server.url, '{ jobs { totalCount } }');
  if (jobs.totalCount !== count) throw new Error(`${jobs.totalCount} jobs instead of ${count}`);
  return { count, ids, server, times: [] };
}

async function timed({ ids, server }) {
  const id = ids[Math.floor(Math.random() * ids.length)];
  const begin = performance.now();
  const { job } = await mutate(server.url, query, { id });
  const took = performance.now() - begin;
  if (job?.id !== id || job.history.length !== 5) throw new Error(`Wrong answer for ${id}`);
  return took;
}
