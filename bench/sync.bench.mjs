// A warm SYNC job, from sending the mutation to receiving its completion on the subscription, against the bare warm
// call of Actual's library in a process of its own, both against the same real Actual server on this machine; and how
// long after its completion was durable 20 subscribers saw it. Does not measure: networks, large budgets, changes to
// exchange (there are none), or many jobs at once.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemo } from '../dist/src/demo/demo.js';
import { mutate, socketClient, startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const rounds = 100;
const subscribers = 20;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const demo = await startDemo({ folder: join(folder, 'demo'), intervalMs: 2_000_000_000, log: silent });

try {
  const bare = await bareCalls();
  const { jobs, delays } = await syncJobs();
  console.log(`bare warm call, median of ${rounds}: ${ms(median(bare))}; job: ${ms(median(jobs))}`);
  verdict('warm SYNC job', median(jobs), 1.2 * median(bare) + 30, ' ms');
  console.log(
    `completion recorded to seen by ${subscribers} subscribers: p50 ${ms(percentile(delays, 0.5))} (the clock counts whole ms)`,
  );
  verdict('the same, p99', percentile(delays, 0.99), 50, ' ms');
} finally {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
}

async function bareCalls() {
  const child = fork(fileURLToPath(new URL('support/bare-sync.mjs', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  child.send({
    folder: join(folder, 'bare'),
    rounds,
    url: demo.url,
    password: demo.password,
    syncId: demo.syncIds[0],
  });
  const [times] = await once(child, 'message');
  child.kill();
  await exited;
  return times;
}

async function syncJobs() {
  const server = await startServer({
    env: {
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      ACTUAL_SERVER_URL: demo.url,
      ACTUAL_PASSWORD: demo.password,
      ACTUAL_SYNC_ID: demo.syncIds.join(','),
    },
  });
  const clients = Array.from({ length: subscribers }, () => socketClient(server.url));
  const delays = [];
  let onSeen = () => undefined;
  for (const client of clients) {
    client.subscribe(
      { query: 'subscription { jobUpdated { id status completedAt } }' },
      {
        next: ({ data }) => {
          const { id, status, completedAt } = data.jobUpdated;
          if (completedAt === null) return;
          if (status !== 'SUCCEEDED') throw new Error(`A job ended as ${status}`);
          delays.push(Date.now() - Date.parse(completedAt));
          onSeen(id);
        },
        error: (error) => console.error(error),
        complete: () => undefined,
      },
    );
  }
  const jobs = [];
  for (let round = -3; round < rounds; round++) {
    const begin = performance.now();
    const seen = deferred();
    let left = subscribers;
    let first = 0;
    onSeen = () => {
      first ||= performance.now();
      if (--left === 0) seen.resolve();
    };
    await mutate(server.url, 'mutation { startJob(input: { type: SYNC }) { job { id } } }');
    await seen.promise;
    // The first rounds download the budget and warm things up.
    if (round < 0) delays.length = 0;
    else jobs.push(first - begin);
  }
  for (const client of clients) await client.dispose();
  await server.stop();
  return { jobs, delays };
}

function deferred() {
  let resolve;
  const promise = new Promise((onResolve) => (resolve = onResolve));
  return { promise, resolve };
}
