// From `npm start`'s own script on what is built already to the moment when it says that it is ready, demo included;
// without jobs, and with 100,000 that have ended. Does not measure: npm itself, a cold disk cache, the first start of
// all (which makes the demo's budget), or the first start with new read models.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '../dist/src/eventstore/sqlite/sqlite-event-store.js';
import { endedSync } from './support/ended-sync.mjs';
import { startServer } from './support/server.mjs';
import { median, ms, verdict } from './support/statistics.mjs';

const runs = 7;
const endedJobs = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));

try {
  const env = { DATA_DIR: folder, PORT: '0', DEMO_INTERVAL_MS: '2000000000' };
  await timed(env);
  const empty = await times(env);
  await addEndedJobs();
  console.log(`first start with ${endedJobs} jobs, which makes the read models: ${ms(await timed(env))}`);
  const full = await times(env);
  console.log(
    `ready after (median of ${runs}): ${ms(empty)} without jobs, ${ms(full)} with ${endedJobs} ended`,
  );
  verdict('start without jobs', empty / 1_000, 3, ' s');
  verdict('start with ended jobs / without', full / empty, 1.3);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function times(env) {
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await timed(env));
  return median(all);
}

async function timed(env) {
  const begin = performance.now();
  const server = await startServer({ env, script: 'scripts/start.mjs' });
  const { status } = await fetch(`${server.url}/readyz`);
  const took = performance.now() - begin;
  if (status !== 200) throw new Error(`/readyz answered ${status}`);
  await server.stop();
  return took;
}

async function addEndedJobs() {
  const store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  const at = new Date().toISOString();
  const events = endedSync.map(({ type, ...facts }) => ({ type, data: { v: 1, at, ...facts } }));
  for (let done = 0; done < endedJobs; done += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, () =>
        store.append(
          `job-${randomUUID()}`,
          events.map((event) => ({ id: randomUUID(), ...event })),
          { expectedRevision: 'no-stream' },
        ),
      ),
    );
  }
  await store.close();
}
