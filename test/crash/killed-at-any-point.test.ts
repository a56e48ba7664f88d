import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { childrenOf, isAlive } from '../support/child-processes.js';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  hasEnded,
  lastPosition,
  listJobs,
  readJob,
  startJob,
  watchToEnd,
  type JobData,
  type StartInput,
} from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';
import { tempFolders } from '../support/temp-folder.js';
import { admittedIn, expectSoundLog, historiesIn, isQuiet } from '../support/sound-log.js';

const tempFolder = tempFolders();
const patience = { timeout: 20_000, interval: 20 };

let household: Household;
let orders: string;

beforeAll(async () => {
  orders = path.join(tempFolder(), 'kill-order');
  household = await openHousehold({
    env: {
      NODE_OPTIONS: `--import=${new URL('../support/killed-at-commit.mjs', import.meta.url).href}`,
      KILL_ORDER: orders,
    },
  });
  // Enough for several batches of suggestions.
  await household.buy(110);
  const { job } = await startJob(household.api, { type: 'SYNC' });
  await watchToEnd(household.api, job.id);
});

afterEach(() => {
  household.gate.open();
});

afterAll(async () => {
  await household.close();
});

/** A combined job, from before somebody asks for it. */
interface Beginning {
  /** Sends what starts the job; resolves when all of it is sent. */
  start(): Promise<void>;
  /** Resolves when its start, and that of the job behind it, are answered. */
  readonly answered: Promise<void>;
  /** Resolves when a subscriber sees the job so. */
  seen(isWanted: (job: JobData) => boolean): Promise<unknown>;
}

/** Puts a combined job where it is to be when the server is killed, and kills it. */
const points: Readonly<Record<string, (job: Beginning) => Promise<unknown>>> = {
  'its start is sent and not answered': async (job) => {
    await job.start();
    await killed();
  },
  'it is admitted to its lane': killedAt('after JobAdmitted'),
  'it is queued, and nobody knows': killedAt('after JobQueued'),
  'its start is answered, and that of another job behind it': async (job) => {
    void household.gate.hold();
    await job.start();
    await job.answered;
    await killed();
  },
  'its first step is claimed': killedAt('after StepStarted'),
  'the request of its sync has not reached the Actual server': async (job) => {
    const held = household.gate.hold();
    await job.start();
    await held;
    await killed();
  },
  'the answer to its sync is on its way': async (job) => {
    const held = household.gate.holdAnswers();
    await job.start();
    await held;
    await killed();
  },
  'its sync is done, and not recorded': killedAt('before StepSucceeded'),
  'its first step has succeeded': killedAt('after StepSucceeded'),
  'its second step is seen running': async (job) => {
    await job.start();
    await job.seen(({ steps }) => steps[1]?.status !== 'QUEUED');
    await killed();
  },
  'the first of its suggestions are recorded': killedAt('after StepAdvanced'),
  'the second of its suggestions are found, and not recorded': killedAt('before StepAdvanced 2'),
  'it has succeeded, and nobody knows': killedAt('after JobSucceeded'),
  'it is seen succeeded': async (job) => {
    await job.start();
    await job.seen(({ status }) => status === 'SUCCEEDED');
    await killed();
  },
  'it was killed before, and the next start has opened the event store': async (job) => {
    await killedDuringItsSync(job);
    const wal = path.join(household.dataDir, 'events.sqlite-wal');
    const changedAt = () => statSync(wal, { bigint: true }).mtimeNs;
    const before = changedAt();
    const next = household.launch();
    await vi.waitUntil(() => changedAt() !== before, { timeout: 10_000, interval: 1 });
    await next.stop('SIGKILL');
  },
  'it was killed before, and the next start has found it interrupted': async (job) => {
    await killedDuringItsSync(job);
    order('after StepInterrupted');
    await household.launch().exited;
  },
};

function order(moment: string): void {
  writeFileSync(orders, moment);
}

function killedAt(moment: string) {
  return async (job: Beginning) => {
    order(moment);
    await job.start();
    await household.server.exited;
  };
}

async function killedDuringItsSync(job: Beginning): Promise<void> {
  const held = household.gate.hold();
  await job.start();
  await held;
  await killed();
}

async function killed(): Promise<void> {
  await household.server.stop('SIGKILL');
}

const combined: StartInput = { type: 'SYNC_AND_GENERATE', batch: allUncategorized };

describe('a server that is killed while a combined job is under way:', () => {
  it.each(Object.entries(points))('%s', async (idempotencyKey, reach) => {
    const { server, api } = household;
    const input = { ...combined, idempotencyKey };
    const observer = new Observer(server.url, { after: await lastPosition(household.api) });
    const acknowledged: string[] = [];
    const { start, answered } = starting(server.url, input);
    const bothAnswered = answered.then(async (jobId) => {
      acknowledged.push(jobId);
      acknowledged.push((await startJob(api, { type: 'SYNC', onConflict: 'QUEUE' })).job.id);
    });
    const unheard = bothAnswered.catch(() => undefined);
    const children = childrenOf(server.pid);
    expect(children).not.toEqual([]);

    await reach({
      start,
      answered: bothAnswered,
      seen: (isWanted) => observer.until((job) => job.type === input.type && isWanted(job)),
    });
    await Promise.all([unheard, observer.ended]);
    await household.restart();
    household.gate.open();

    await vi.waitUntil(() => !children.some(({ pid }) => isAlive(pid)), patience);
    const left = await logOnceQuiet();
    expect(admittedIn(left)).toEqual(expect.arrayContaining(acknowledged));
    for (const seen of observer.latest.values()) await expectStillSo(seen);
    // Whoever got no answer asks again.
    const { job } = await startJob(household.api, input);
    expect((await watchToEnd(household.api, job.id)).status).toBe('SUCCEEDED');
    const log = await logOnceQuiet();
    expectSoundLog(log);
    const histories = historiesIn(log);
    for (const id of [job.id, ...acknowledged]) expect(histories.get(id)?.at(-1)?.type).toBe('JobSucceeded');
    await expectQueriesToShow(log);
  });
});

/** Over HTTP by hand: it tells when the request is sent. */
function starting(url: string, input: StartInput) {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  const answered = once(sent, 'response').then(async ([response]) => {
    const { data } = (await json(response as IncomingMessage)) as { data: { startJob: { job: JobData } } };
    return data.startJob.job.id;
  });
  const query = 'mutation ($input: StartJobInput!) { startJob(input: $input) { job { id } } }';
  return {
    answered,
    start: async () => {
      sent.end(JSON.stringify({ query, variables: { input } }));
      await once(sent, 'finish');
    },
  };
}

/** The log, when all jobs in it have ended and left their lane. */
async function logOnceQuiet(): Promise<readonly RecordedEvent[]> {
  return vi.waitUntil(async () => {
    const events = await household.events();
    return isQuiet(events) && events;
  }, patience);
}

/** What somebody saw before the server was killed. */
async function expectStillSo(seen: JobData): Promise<void> {
  const job = await readJob(household.api, seen.id);
  expect(job?.history.slice(0, seen.history.length)).toEqual(seen.history);
  expect((job?.position ?? '') >= seen.position).toBe(true);
  for (const step of seen.steps.filter(({ status }) => status === 'SUCCEEDED')) {
    expect(job?.steps).toContainEqual(step);
  }
  if (hasEnded(seen)) expect(job).toEqual(seen);
}

async function expectQueriesToShow(log: readonly RecordedEvent[]): Promise<void> {
  const shown = await listJobs(household.api);
  const histories = [...historiesIn(log)].map(([id, history]) => [id, history.map(({ type }) => type)]);
  const shownHistories = shown.map(({ id, history }) => [id, history.map(({ event }) => event)]);
  expect(Object.fromEntries(shownHistories)).toEqual(Object.fromEntries(histories));
}
