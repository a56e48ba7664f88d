import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openHousehold, type Household } from '../support/household.js';
import { hasEnded, readJob, startJob, watchToEnd } from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';

const patience = { timeout: 20_000, interval: 20 };
const jobsOfEachBudget = 30;
const mebibyte = 1_024 * 1_024;
/** More than the system keeps for a connection, the receiver's side included. */
const buffersOfAConnection = 64 * mebibyte;

let household: Household;

beforeAll(async () => {
  const generous = { MAX_QUERY_ALIASES: '200', MAX_QUERY_COMPLEXITY: '100000' };
  household = await openHousehold({ budgets: 2, env: generous });
});

afterAll(async () => {
  await household.close();
});

interface Told {
  readonly id: string;
  readonly status: string;
  readonly position: string;
}

/** Asks for so much of each job that the buffers of a connection hold few updates. */
const times = (count: number, field: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => field(n)).join(' ');
const query = `
  subscription ($after: String) {
    jobUpdated(after: $after) { id status position ${times(80, (n) => `h${n}: history { ...transition }`)} }
  }
  fragment transition on JobTransition { ${times(100, (n) => `m${n}: message`)} }`;

/** A client that can stop to read. */
async function openSubscriber(after: string) {
  const socket = new WebSocket(
    `${household.server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const told: Told[] = [];
  let bytes = 0;
  await once(socket, 'open');
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { type: string; payload: { data: { jobUpdated: Told } } };
    if (message.type !== 'next') return;
    bytes += data.length;
    told.push(message.payload.data.jobUpdated);
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init' });
  await once(socket, 'message');
  send({ id: '1', type: 'subscribe', payload: { query, variables: { after } } });
  return { socket, told, bytes: () => bytes };
}

/** Runs so many syncs of one budget, each after the one before it. */
async function runJobs(budgetId: string, onEnd: () => void): Promise<readonly string[]> {
  const { api } = household;
  const ids: string[] = [];
  while (ids.length < jobsOfEachBudget) {
    const { job } = await startJob(api, { type: 'SYNC', budgetId });
    expect((await watchToEnd(api, job.id)).status).toBe('SUCCEEDED');
    ids.push(job.id);
    onEnd();
  }
  return ids;
}

const residentBytes = (pid: number) =>
  1_024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));

describe('a subscriber that stops reading', () => {
  it('costs the server no more than a state of each job, delays nobody, and gets the last state of each', async () => {
    const { api, server, budgetIds } = household;
    const first = await startJob(api, { type: 'SYNC', budgetId: budgetIds[0] ?? '' });
    await watchToEnd(api, first.job.id);
    const slow = await openSubscriber('');
    await vi.waitUntil(() => slow.told.length > 0, patience);
    const others = [0, 1].map(() => new Observer(server.url, { after: slow.told[0]?.position ?? '' }));

    slow.socket.pause();
    const before = residentBytes(server.pid);
    let most = 0;
    const ids = await Promise.all(
      budgetIds.map((budgetId) =>
        runJobs(budgetId, () => {
          // It lives, though it does not read.
          slow.socket.pong();
          most = Math.max(most, residentBytes(server.pid));
        }),
      ),
    ).then((all) => all.flat());

    for (const other of others) {
      for (const id of ids) await other.until((job) => job.id === id && hasEnded(job));
      const positions = other.seen.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort());
    }
    expect(slow.told).toHaveLength(1);
    slow.socket.resume();
    const isTold = (id: string) => slow.told.some((job) => job.id === id && job.status === 'SUCCEEDED');
    await vi.waitUntil(() => ids.every(isTold), patience);

    const latest = new Map(slow.told.map((job) => [job.id, job]));
    for (const id of [first.job.id, ...ids]) {
      const job = await readJob(api, id);
      expect(latest.get(id)).toMatchObject({ status: job?.status, position: job?.position });
    }
    const size = slow.bytes() / slow.told.length;
    const all = (others[0]?.seen.length ?? 0) * size;
    expect(all).toBeGreaterThan(2 * buffersOfAConnection);
    expect(countBeforeConflation(slow.told) * size).toBeLessThan(buffersOfAConnection);
    expect(most - before).toBeLessThan(all / 2);
    slow.socket.terminate();
    await Promise.all(others.map((other) => other.close()));
  }, 60_000);
});

/** How many updates were sent although nobody read them: those after them tell of each job once. */
function countBeforeConflation(told: readonly Told[]): number {
  const ids = told.map(({ id }) => id);
  return ids.findIndex((_, index) => new Set(ids.slice(index)).size === ids.length - index);
}
