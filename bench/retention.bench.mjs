// Retention beside everyday work: a log of 1,000,000 events, 100,000 jobs of which a tenth is due. Mutations that write (a job
// is queued behind one that runs, then canceled), one after the other over HTTP, while the due ones are removed, against
// those of a server of the same files to which nothing is due; then what the files take when as many jobs come and go, four
// times. Does not measure: EventStoreDB (which has its own scavenging), many clients at once, jobs with hundreds of
// suggestions, a cold disk cache, or the jobs' steps: Actual never answers here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesIn } from './support/footprint.mjs';
import { addOldJobs, eventsOfAnOldJob } from './support/old-jobs.mjs';
import { mutate, startServer } from './support/server.mjs';
import { openSilentActual } from './support/silent-actual.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const jobs = 100_000;
const due = jobs / 10;
const rounds = 4;
const startJobBehind = 'mutation { startJob(input: { type: SYNC, onConflict: QUEUE }) { job { id } } }';
const cancelJob = 'mutation ($id: ID!) { cancelJob(id: $id) { id } }';
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const actual = await openSilentActual();
/** Jobs that were started here: they are there besides. */
let begun = 0;

try {
  const kept = { count: jobs - due, at: daysAgo(1) };
  const old = { count: due, at: daysAgo(40) };
  await addOldJobs(folder, kept);
  await addOldJobs(folder, old);
  console.log(`${jobs} jobs, ${jobs * eventsOfAnOldJob} events; ${due} of the jobs are due`);
  const without = await withServer('36500', (server) =>
    mutations(server, { until: (times) => times.length >= 4_000 }),
  );
  const during = await withServer('30', (server) => mutations(server, { until: () => allIsRemoved(server) }));
  for (const [name, times] of Object.entries({ without, during })) {
    const tail = `median ${ms(median(times))}, p99 ${ms(percentile(times, 0.99))}`;
    console.log(`${name}: ${times.length} mutations, ${tail}`);
  }
  verdict('p99 during / without', percentile(during, 0.99) / percentile(without, 0.99), 2);
  const sizes = [bytesIn(folder)];
  for (let round = 2; round <= rounds; round++) {
    await addOldJobs(folder, old);
    await withServer('30', untilAllIsRemoved);
    sizes.push(bytesIn(folder));
  }
  console.log(
    `files after each ${due} jobs that came and went: ${sizes.map((bytes) => mb(bytes)).join(', ')}`,
  );
  // The names of streams that are gone, so that their revisions are not used again.
  verdict('bytes left of each of them', (sizes.at(-1) - sizes[0]) / ((rounds - 1) * due), 256, ' bytes');
} finally {
  actual.close();
  rmSync(folder, { recursive: true, force: true });
}

function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

/** Pairs of mutations: so many, or as many as there is time for until everything that is due is removed. */
async function mutations({ url }, { until }) {
  const times = [];
  const timed = async (query, variables) => {
    const begin = performance.now();
    const data = await mutate(url, query, variables);
    times.push(performance.now() - begin);
    return data;
  };
  do {
    for (let n = 0; n < 20; n++) {
      const { startJob } = await timed(startJobBehind);
      await timed(cancelJob, { id: startJob.job.id });
      begun += 1;
    }
  } while (!(await until(times)));
  return times;
}

/** Calls back with a server of these files, and ends it. */
async function withServer(retentionDays, work) {
  const server = await startServer({
    env: { DATA_DIR: folder, PORT: '0', ...actual.env, RETENTION_DAYS: retentionDays },
  });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function allIsRemoved(server) {
  return (await countJobs(server)) === jobs - due + begun;
}

async function untilAllIsRemoved(server) {
  while (!(await allIsRemoved(server))) await pause(500);
}

async function countJobs({ url }) {
  const { jobs } = await mutate(url, '{ jobs { totalCount } }');
  return jobs.totalCount;
}

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
