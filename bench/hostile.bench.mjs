// What one user's queries take while another asks over 50 connections as fast as answers come, for the minute that limits
// count in, against what they take in peace; limits are at their defaults. Until the other has used up what is allowed
// within a minute it is served like everybody; that time is told apart. Does not measure: attackers at many addresses or
// with many accounts, WebSockets, or what an attacker costs who does not share these processors (this one does).
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { ask } from './support/ask.mjs';
import { startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const connections = 50;
const minuteMs = 60_000;
/** So that every part of the time counts alike. */
const everyMs = 25;
const query =
  '{ jobs(first: 20) { totalCount nodes { id type status createdAt steps { type status attempt } } } }';
const jobsOfEach = 20;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const secret = randomBytes(32).toString('hex');
const server = await startServer({
  env: { DATA_DIR: folder, PORT: '0', DEMO_INTERVAL_MS: '2000000000', AUTH_JWT_SECRET: secret },
});
// An address of its own: what is limited for each address is no part of this.
const agent = new Agent({ keepAlive: true, localAddress: '127.0.0.2' });
const url = server.url.replace('localhost', '127.0.0.1');
let attacker;
try {
  const [token, tokenOfOther] = await Promise.all([tokenOf('somebody'), tokenOf('attacker')]);
  for (const each of [tokenOfOther, token]) await runJobs(each);
  await queries(token, { forMs: 3_000 });
  // After this minute nothing is counted any more of what the attacker has asked for by now.
  const peace = await queries(token, { forMs: minuteMs });
  attacker = fork(fileURLToPath(new URL('support/hostile-client.mjs', import.meta.url)));
  let refusedAfter = minuteMs;
  const begin = performance.now();
  attacker.once('message', () => (refusedAfter = performance.now() - begin));
  attacker.send({ url, token: tokenOfOther, connections, query });
  const attacked = await queries(token, { forMs: minuteMs });
  const served = attacked.filter(({ at }) => at <= refusedAfter);
  const refused = attacked.filter(({ at }) => at > refusedAfter);
  print('in peace', peace);
  print(`under attack, the ${(refusedAfter / 1_000).toFixed(1)} s until it is refused`, served);
  print('under attack, from then on', refused);
  print('under attack, the whole minute', attacked);
  verdict("median of one user's queries under attack / in peace", middle(attacked) / middle(peace), 2);
} finally {
  if (attacker) {
    attacker.kill();
    await once(attacker, 'close');
  }
  agent.destroy();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Begins one at fixed times, also where others are not answered yet. */
async function queries(token, { forMs }) {
  const all = [];
  const begin = performance.now();
  for (let at = 0; at < forMs; at += everyMs) {
    await pause(Math.max(0, begin + at - performance.now()));
    all.push(timed(token, at));
  }
  return Promise.all(all);
}

async function timed(token, at) {
  const begin = performance.now();
  const { status, text } = await ask(url, { agent, token, query });
  if (status !== 200 || !text.includes('SUCCEEDED')) throw new Error(`${status}: ${text}`);
  return { at, took: performance.now() - begin };
}

async function runJobs(token) {
  const run = (asked) => ask(url, { agent, token, query: asked }).then(({ text }) => JSON.parse(text).data);
  for (let job = 0; job < jobsOfEach; job++) {
    const { startJob } = await run('mutation { startJob(input: { type: SYNC }) { job { id } } }');
    for (let status = ''; status !== 'SUCCEEDED';) {
      await pause(20);
      status = (await run(`{ job(id: "${startJob.job.id}") { status } }`)).job.status;
    }
  }
}

function tokenOf(sub) {
  return new SignJWT({ sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

function middle(samples) {
  return median(samples.map(({ took }) => took));
}

function print(name, samples) {
  const times = samples.map(({ took }) => took);
  console.log(
    `${name}: ${times.length} queries, median ${ms(median(times))}, p99 ${ms(percentile(times, 0.99))}`,
  );
}
