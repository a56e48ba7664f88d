// One event of a job to 5,000 subscribers of one user, each with a WebSocket of its own: from the first that hears of it to
// the last, against a bare WebSocket server that sends one string to as many; and what the subscriptions cost in memory. Does
// not measure: networks, slow clients, subscribers of different users, or clients in other processes (all are in this one).
import { fork, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { mutate, startServer } from './support/server.mjs';
import { median, ms, verdict } from './support/statistics.mjs';

const subscribers = 5_000;
const rounds = 10;
const atOnce = 100;
const subscribe = {
  id: '1',
  type: 'subscribe',
  payload: { query: 'subscription { jobUpdated { id status position } }' },
};
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));

try {
  const raw = await rawBroadcast();
  const ours = await subscriptions();
  console.log(
    `from the first to the last of ${subscribers}, median of ${rounds}: bare ${ms(raw)}; ours ${ms(ours.spread)}`,
  );
  verdict('subscribers of one user on one event, times a bare WebSocket server', ours.spread / raw, 1.5);
  verdict('memory of a subscription and its connection', ours.bytes / 1_024, 30, ' KB');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function rawBroadcast() {
  const child = fork(fileURLToPath(new URL('support/raw-broadcast.mjs', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  const heard = hearing();
  const sockets = await open(`ws://127.0.0.1:${port}`, [], (socket) =>
    socket.on('message', () => heard.one()),
  );
  const text = JSON.stringify({
    id: '1',
    type: 'next',
    payload: { data: { jobUpdated: { text: 'x'.repeat(120) } } },
  });
  const spreads = [];
  for (let round = -2; round < rounds; round++) {
    const all = heard.all();
    child.send({ text });
    const spread = await all;
    if (round >= 0) spreads.push(spread);
  }
  for (const socket of sockets) socket.terminate();
  child.kill();
  await once(child, 'close');
  return median(spreads);
}

async function subscriptions() {
  const server = await startServer({ env: { DATA_DIR: join(folder, 'data'), PORT: '0' } });
  const before = residentBytes(server.pid);
  const heard = hearing();
  let wanted = '';
  const sockets = await open(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    async (socket) => {
      socket.send(JSON.stringify({ type: 'connection_init' }));
      await once(socket, 'message');
      socket.send(JSON.stringify(subscribe));
      socket.on('message', (data) => {
        if (wanted !== '' && data.includes(wanted)) heard.one();
      });
    },
  );
  const bytes = (residentBytes(server.pid) - before) / subscribers;
  const spreads = [];
  for (let round = -2; round < rounds; round++) {
    // Its last event: of those before it some may be left out for whoever is slow.
    wanted = '"status":"SUCCEEDED"';
    const all = heard.all();
    await mutate(server.url, 'mutation { startJob(input: { type: SYNC }) { job { id } } }');
    const spread = await all;
    wanted = '';
    if (round >= 0) spreads.push(spread);
    await ended(server.url);
  }
  for (const socket of sockets) socket.terminate();
  await server.stop();
  return { spread: median(spreads), bytes };
}

async function open(url, protocols, prepare) {
  const sockets = [];
  while (sockets.length < subscribers) {
    const some = Array.from(
      { length: atOnce },
      () => new WebSocket(url, protocols, { perMessageDeflate: false }),
    );
    await Promise.all(
      some.map(async (socket) => {
        await once(socket, 'open');
        await prepare(socket);
      }),
    );
    sockets.push(...some);
  }
  return sockets;
}

/** Tells how long it took from the first to the last of all subscribers. */
function hearing() {
  let count = 0;
  let first = 0;
  let resolve = () => undefined;
  return {
    one: () => {
      const now = performance.now();
      if (count === 0) first = now;
      count += 1;
      if (count === subscribers) resolve(now - first);
    },
    all: () => {
      count = 0;
      return new Promise((onResolve) => (resolve = onResolve));
    },
  };
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
