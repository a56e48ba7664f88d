import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Readiness } from '../../src/server/readiness.js';
import { EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  cancelJob,
  hasEnded,
  listJobs,
  readJob,
  retryJob,
  startJob,
  watchToEnd,
} from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';
import { expectOneAtATime, expectSoundLog, isQuiet } from '../support/sound-log.js';
import { tempFolders } from '../support/temp-folder.js';

const patience = { timeout: 20_000, interval: 20 };
/** What somebody who pressed a button waits at most (milliseconds). */
const longestWaitMs = 5_000;

let eventStore: EventStoreDbServer;
let household: Household;
const folder = tempFolders()();

beforeAll(async () => {
  eventStore = new EventStoreDbServer({ file: path.join(folder, 'log.jsonl') });
  await eventStore.restart();
  household = await openHousehold({
    // So that a busy machine is not taken for a slow answer.
    env: { EVENTSTORE_URL: eventStore.url, COMMAND_TIMEOUT_MS: '2000' },
  });
});

afterEach(() => household.gate.open());

afterAll(async () => {
  await household.close();
  await eventStore.kill();
});

interface Outage {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const outages: readonly Outage[] = [
  {
    name: 'is killed',
    begin: () => eventStore.kill(),
    end: () => eventStore.restart(),
  },
  {
    name: 'hangs',
    begin: async () => eventStore.hang(),
    end: async () => eventStore.wake(),
  },
  {
    name: 'is not ready',
    begin: async () => {
      await eventStore.becomeUnready();
      await eventStore.endSubscriptions('reset');
    },
    end: () => eventStore.becomeReady(),
  },
];

async function readiness(): Promise<{ status: number; parts: Readiness['parts'] }> {
  const response = await fetch(`${household.server.url}/readyz`);
  const { parts } = (await response.json()) as Readiness;
  return { status: response.status, parts };
}

/** Within the time that a user waits. */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  const askedAt = performance.now();
  const error: unknown = await work.then(
    () => new Error('It was done'),
    (reason: unknown) => reason,
  );
  expect(performance.now() - askedAt).toBeLessThan(longestWaitMs);
  return error;
}

describe.each(outages)('when EventStoreDB $name', ({ name, begin, end }) => {
  it('mutations say so in time, queries and subscriptions go on, and all comes back by itself', async () => {
    const { api, server, gate } = household;
    const ended = await watchToEnd(api, (await startJob(api, { type: 'SYNC' })).job.id);
    const held = gate.hold();
    const running = (await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized })).job;
    await held;
    const observer = new Observer(server.url, { jobId: running.id });
    await observer.until(({ status }) => status === 'RUNNING');

    const begunAt = Date.now();
    await begin();
    const suggestions = { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized } as const;
    const refused = await Promise.all(
      [startJob(api, suggestions), cancelJob(api, running.id), retryJob(api, ended.id)].map(refusalOf),
    );
    for (const error of refused) expect(error).toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect((await readJob(api, running.id))?.status).toBe('RUNNING');
    expect((await listJobs(api)).map(({ id }) => id)).toContain(ended.id);
    await vi.waitFor(async () => {
      const { status, parts } = await readiness();
      expect(status).toBe(503);
      expect(parts.eventStore).toMatchObject({ ready: false, status: 'UNAVAILABLE' });
      expect(parts.eventStore?.reason).toMatch(
        /^EventStoreDB (is not ready|could not be reached, or did not answer)\.$/,
      );
      expect(Date.parse(parts.eventStore?.since ?? '')).toBeGreaterThan(begunAt - 1);
    }, patience);
    // The step that runs comes to its end while nobody can be told.
    gate.open();

    await end();
    const last = await observer.until(hasEnded);
    await vi.waitFor(async () => expect((await readiness()).status).toBe(200), patience);
    // What could not be confirmed was done, or it was not: the cancel reached the job, or came too late.
    expect(['SUCCEEDED', 'CANCELED']).toContain(last.status);
    expect(await readJob(api, running.id)).toEqual(last);
    await observer.close();
    expect(await readJob(api, ended.id)).toEqual(ended);
    expect((await watchToEnd(api, (await startJob(api, suggestions)).job.id)).status).toBe('SUCCEEDED');
  });

  it('a running step ends meanwhile, and its result is recorded when the store is back', async () => {
    const { api, gate, device } = household;
    await device.sync();
    const held = gate.hold();
    const { job } = await startJob(api, { type: 'SYNC' });
    await held;
    await begin();
    gate.open();
    await vi.waitFor(async () => expect((await readiness()).status).toBe(503), patience);

    await end();
    const ended = await watchToEnd(api, job.id);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 1, status: 'SUCCEEDED' }] });
  });

  it('nothing that was acknowledged is lost, nothing is done twice', async () => {
    const { api } = household;
    const inputs = Array.from({ length: 12 }, (_, n) => ({
      type: n % 2 === 0 ? ('SYNC' as const) : ('SUGGESTIONS_GENERATION' as const),
      ...(n % 2 !== 0 && { batch: allUncategorized }),
      onConflict: 'QUEUE' as const,
      idempotencyKey: `${name} ${n}`,
    }));
    const starts = inputs.map((input) => startJob(api, input));
    // In the middle of it.
    await Promise.race(starts);
    await begin();
    await Promise.allSettled(starts);
    await end();
    await vi.waitFor(async () => expect((await readiness()).status).toBe(200), patience);
    for (const start of starts) {
      const acknowledged = await start.catch(() => undefined);
      if (!acknowledged) continue;
      expect(hasEnded(await watchToEnd(api, acknowledged.job.id))).toBe(true);
    }
    // Whoever was not answered asks again, and gets the job of the first time if there is one.
    for (const input of inputs) await watchToEnd(api, (await startJob(api, input)).job.id);
    expectOneAtATime(await household.events());
    await vi.waitUntil(async () => isQuiet(await household.events()), patience);
  });
});

describe('what the server wrote, after all of that,', () => {
  it('is a line when EventStoreDB went and a line when it was back, and neither stacks nor warnings', async () => {
    const lines = household.server.output().trim().split('\n');
    const messages = lines.flatMap((line) =>
      line.startsWith('{') ? [(JSON.parse(line) as { msg: string }).msg] : [],
    );
    const outagesTold = messages.length / 2;
    expect(outagesTold).toBeGreaterThan(0);
    expect(messages).toEqual(
      Array.from({ length: outagesTold }, () => [
        'EventStoreDB cannot be used; it is tried again',
        'EventStoreDB is back',
      ]).flat(),
    );
    expect(household.server.output()).not.toMatch(/Warning|"stack"|^\s+at /m);
  });
});

describe('the log, after all of that,', () => {
  it('is sound', async () => {
    const log = await household.events();
    const canceled = new Set(
      (await listJobs(household.api))
        .filter(({ status }) => status === 'CANCELED')
        .map(({ id }) => `job-${id}`),
    );
    const isOfCanceled = ({ stream, data }: (typeof log)[number]) =>
      canceled.has(stream) || canceled.has(`job-${String(data?.jobId)}`);
    expectSoundLog(log.filter((event) => !isOfCanceled(event)));
  });
});

/** What it may take a server to end, whatever hangs (milliseconds). */
const longestEndMs = 8_000;

// Last, because the server ends.
describe('a server that is to end while EventStoreDB hangs', () => {
  it('answers whoever still waits, and ends in time', async () => {
    const { api, server } = household;
    eventStore.hang();
    const refused = [0, 1, 2].map((n) =>
      refusalOf(startJob(api, { type: 'SYNC', idempotencyKey: `before the end ${n}` })),
    );
    await vi.waitFor(async () => expect((await readiness()).status).toBe(503), patience);
    const late = refusalOf(startJob(api, { type: 'SYNC', idempotencyKey: 'right before the end' }));
    // It was taken in.
    await listJobs(api);

    const askedAt = performance.now();
    const ended = server.stop('SIGTERM');

    for (const error of await Promise.all([...refused, late])) {
      expect(error).toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    }
    expect(await ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(longestEndMs);
    eventStore.wake();
    await household.restart();
  });
});
