// Events of jobs to 5,000 subscribers, each with a WebSocket of its own: one event to all of them, who are one user; and an
// event of its own to each, who are as many users and signed in with tokens. From the first that hears of it to the last,
// against a bare WebSocket server that sends one string to as many; and what the subscriptions cost in memory. Does not
// measure: networks, slow clients, clients in other processes (all are in this one), subscribers that ask for different
// fields, or, with as many users, the commands and the running of jobs that events come from: they are recorded at once.
import { fork, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { hearing, openSockets, subscribeToJobs } from './support/many-sockets.mjs';
import { mutate, startServer } from './support/server.mjs';
import { median, ms, verdict } from './support/statistics.mjs';

const subscribers = 5_000;
const rounds = 10;
const protocol = 'graphql-transport-ws';
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));

try {
  const bare = await bareBroadcast();
  const one = await oneUser();
  const many = await manyUsers();
  console.log(
    `from the first to the last of ${subscribers}, median of ${rounds}: bare ${ms(bare)}; of one user ${ms(one.spread)}; of as many users ${ms(many)}`,
  );
  verdict('subscribers of one user on one event, times a bare WebSocket server', one.spread / bare, 1.5);
  verdict('subscribers of as many users, each on an event of its own, times the same', many / bare, 4);
  verdict('memory of a subscription and its connection', one.bytes / 1_024, 30, ' KB');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bareBroadcast() {
  const child = start(new URL('support/raw-broadcast.mjs', import.meta.url));
  const [{ port }] = await once(child, 'message');
  const heard = hearing(subscribers);
  const sockets = await openSockets({ count: subscribers, url: `ws://127.0.0.1:${port}` }, (socket) => {
    socket.on('message', () => heard.one());
  });
  const text = JSON.stringify({
    id: '1',
    type: 'next',
    payload: { data: { jobUpdated: { text: 'x'.repeat(120) } } },
  });
  const spread = await medianSpread(async () => {
    const all = heard.all();
    child.send({ text });
    return all;
  });
  await end(child, sockets);
  return spread;
}

async function oneUser() {
  const server = await startServer({ env: { DATA_DIR: join(folder, 'one'), PORT: '0' } });
  const before = residentBytes(server.pid);
  const heard = hearing(subscribers);
  let wanted = '';
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const sockets = await openSockets({ count: subscribers, url, protocol }, async (socket) => {
    await subscribeToJobs(socket);
    socket.on('message', (data) => {
      if (wanted !== '' && data.includes(wanted)) heard.one();
    });
  });
  const bytes = (residentBytes(server.pid) - before) / subscribers;
  const spread = await medianSpread(async () => {
    // Its last event: of those before it some may be left out for whoever is slow.
    wanted = '"status":"SUCCEEDED"';
    const all = heard.all();
    await mutate(server.url, 'mutation { startJob(input: { type: SYNC }) { job { id } } }');
    const took = await all;
    wanted = '';
    await ended(server.url);
    return took;
  });
  for (const socket of sockets) socket.terminate();
  await server.stop();
  return { spread, bytes };
}

async function manyUsers() {
  const secret = randomBytes(32);
  const owners = Array.from({ length: subscribers }, (_, index) => `user-${index}`);
  const child = start(new URL('support/own-events.mjs', import.meta.url), {
    DATA_DIR: join(folder, 'many'),
    PORT: '0',
    AUTH_JWT_SECRET: secret.toString('hex'),
    MAX_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
  });
  const [{ url }] = await once(child, 'message');
  const heard = hearing(subscribers);
  const where = { count: subscribers, url: `${url.replace('http', 'ws')}/graphql`, protocol };
  const key = new TextEncoder().encode(secret.toString('hex'));
  const sockets = await openSockets(where, async (socket, index) => {
    const token = await new SignJWT({ sub: owners[index] })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(key);
    await subscribeToJobs(socket, { token });
    socket.on('message', (data) => {
      if (data.includes('"next"')) heard.one();
    });
  });
  const spread = await medianSpread(async () => {
    const all = heard.all();
    child.send({ owners });
    return all;
  });
  await end(child, sockets);
  return spread;
}

/** After two rounds that warm up. */
async function medianSpread(spreadOfRound) {
  const spreads = [];
  for (let round = -2; round < rounds; round++) {
    const spread = await spreadOfRound();
    if (round >= 0) spreads.push(spread);
  }
  return median(spreads);
}

function start(script, env = {}) {
  const { PATH, HOME } = process.env;
  return fork(fileURLToPath(script), {
    env: { PATH, HOME, ...env },
  });
}

async function end(child, sockets) {
  for (const socket of sockets) socket.terminate();
  child.kill();
  await once(child, 'close');
}

async function ended(url) {
  for (;;) {
    const { jobs } = await mutate(
      url,
      '{ jobs(first: 1, filter: { statuses: [QUEUED, RUNNING] }) { totalCount } }',
    );
    if (jobs.totalCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function residentBytes(pid) {
  return 1_024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
}
