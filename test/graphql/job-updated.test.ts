import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jobStream } from '../../src/domain/streams.js';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  cancelJob,
  hasEnded,
  lastPosition,
  listJobs,
  readJob,
  startJob,
  watchToEnd,
  type JobData,
} from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';

const patience = { timeout: 20_000, interval: 20 };

let household: Household;

beforeAll(async () => {
  household = await openHousehold({ budgets: 2 });
});

afterAll(async () => {
  await household.close();
});

/** A combined job, and others before, behind and beside it: they succeed, fail and are canceled. */
async function startSomeJobs(): Promise<{ readonly combinedId: string; readonly ids: readonly string[] }> {
  const { api, device, budgetIds } = household;
  const [first = '', second = ''] = budgetIds;
  const transactions = await device.transactions();
  const answered = transactions.filter(({ category }) => category !== null).map(({ id }) => id);
  const suggestions = { type: 'SUGGESTIONS_GENERATION', budgetId: first } as const;
  const inputs = [
    { type: 'SYNC', budgetId: first },
    { type: 'SYNC_AND_GENERATE', budgetId: first, batch: allUncategorized },
    { type: 'SYNC', budgetId: second },
    // There is nothing to suggest for it.
    { ...suggestions, batch: { transactionIds: answered.slice(0, 1) } },
    { type: 'SUGGESTIONS_GENERATION', budgetId: second, batch: allUncategorized },
    { ...suggestions, batch: allUncategorized },
  ] as const;
  const ids: string[] = [];
  for (const input of inputs) ids.push((await startJob(api, input)).job.id);
  await cancelJob(api, ids.at(-1) ?? '');
  return { combinedId: ids[1] ?? '', ids };
}

function expectAscending(updates: readonly JobData[]): void {
  const positions = updates.map(({ position }) => position);
  expect(positions).toEqual([...new Set(positions)].sort());
}

/** What came last of each job is how it is. */
async function expectLatestToBeTrue(updates: readonly JobData[], ids: readonly string[]): Promise<void> {
  const latest = new Map(updates.map((job) => [job.id, job]));
  for (const id of ids) expect(latest.get(id)).toEqual(await readJob(household.api, id));
}

describe('jobUpdated, resumed with `after`', () => {
  it('begins, at each position of the log, with the jobs that changed since, in order, and goes on live', async () => {
    const { server, api, budgetIds } = household;
    const { combinedId, ids } = await startSomeJobs();
    for (const id of ids) await watchToEnd(api, id);
    const events = await household.events();
    const jobs = await listJobs(api);
    const lastChanged = (job: JobData) =>
      events.findLast(({ stream }) => stream === jobStream(job.id))?.position ?? '';
    const byChange = [...jobs].sort((one, other) => (lastChanged(one) < lastChanged(other) ? -1 : 1));
    const restrictions = [
      { args: {}, isWanted: () => true },
      { args: { types: ['SYNC'] }, isWanted: ({ type }: JobData) => type === 'SYNC' },
      {
        args: { types: ['SYNC_AND_GENERATE', 'SUGGESTIONS_GENERATION'] },
        isWanted: ({ type }: JobData) => type !== 'SYNC',
      },
      { args: { jobId: combinedId }, isWanted: ({ id }: JobData) => id === combinedId },
    ];

    const resumed = events.flatMap(({ position }) =>
      restrictions.map(({ args, isWanted }) => ({
        observer: new Observer(server.url, { ...args, after: position }),
        expected: byChange.filter((job) => lastChanged(job) > position && isWanted(job)),
        isLive: isWanted,
      })),
    );
    await vi.waitUntil(
      () => resumed.every(({ observer, expected }) => observer.seen.length >= expected.length),
      patience,
    );
    const later = await startJob(api, { type: 'SYNC', budgetId: budgetIds[0] ?? '' });
    const end = await watchToEnd(api, later.job.id);
    for (const { observer, isLive } of resumed) {
      if (isLive(end)) await observer.until((job) => job.id === end.id && hasEnded(job));
    }

    expect(new Set(byChange.map(({ status }) => status))).toEqual(
      new Set(['SUCCEEDED', 'FAILED', 'CANCELED']),
    );
    for (const { observer, expected, isLive } of resumed) {
      expect(observer.seen.filter(({ id }) => id !== end.id)).toEqual(expected);
      expectAscending(observer.seen);
      expect(observer.seen.at(-1)?.id === end.id).toBe(isLive(end));
    }
    await Promise.all(resumed.map(({ observer }) => observer.close()));
  });

  it('misses nothing though the connection breaks after each update', async () => {
    const { server } = household;
    let after = await lastPosition(household.api);
    const started = startSomeJobs();
    const jobIds = started.then(({ ids }) => new Set(ids));
    const seen: JobData[] = [];
    const ended = new Set<string>();

    do {
      const observer = new Observer(server.url, { after });
      const job = await observer.until(() => true);
      observer.cut();
      await observer.ended;
      seen.push(job);
      after = job.position;
      if (hasEnded(job)) ended.add(job.id);
    } while (ended.size < (await jobIds).size);

    expectAscending(seen);
    await expectLatestToBeTrue(seen, (await started).ids);
  });

  it('misses nothing wherever a job is when somebody comes back', async () => {
    const { server } = household;
    const whole = new Observer(server.url, { after: await lastPosition(household.api) });
    const { combinedId, ids } = await startSomeJobs();
    const others: { readonly since: JobData; readonly observers: readonly Observer[] }[] = [];
    const ended = new Set<string>();

    for await (const since of whole.updates()) {
      const { position: after } = since;
      const args = [{ after }, { after, types: [since.type] }, { after, jobId: combinedId }];
      others.push({ since, observers: args.map((each) => new Observer(server.url, each)) });
      if (hasEnded(since)) ended.add(since.id);
      if (ended.size === ids.length) break;
    }
    const isTold = ({ since, observers: [all, ofType, ofJob] }: (typeof others)[number]) => {
      const changed = [...whole.latest.values()].filter(({ position }) => position > since.position);
      const has = (observer: Observer | undefined, job: JobData) =>
        observer?.latest.get(job.id)?.position === job.position;
      return changed.every(
        (job) =>
          has(all, job) &&
          (job.type !== since.type || has(ofType, job)) &&
          (job.id !== combinedId || has(ofJob, job)),
      );
    };
    await vi.waitUntil(() => others.every(isTold), patience);

    expectAscending(whole.seen);
    await expectLatestToBeTrue(whole.seen, ids);
    for (const { since, observers } of others) {
      const [, ofType, ofJob] = observers;
      for (const observer of observers) {
        expectAscending([since, ...observer.seen]);
        await expectLatestToBeTrue(observer.seen, [...observer.latest.keys()]);
      }
      expect(ofType?.seen.filter(({ type }) => type !== since.type)).toEqual([]);
      expect(ofJob?.seen.filter(({ id }) => id !== combinedId)).toEqual([]);
    }
    await Promise.all([whole, ...others.flatMap(({ observers }) => observers)].map((each) => each.close()));
  });

  it('goes on after a restart of the server at the position of before', async () => {
    const { api } = household;
    const observer = new Observer(household.server.url, { after: await lastPosition(household.api) });
    const { job } = await startJob(api, { type: 'SYNC', budgetId: household.budgetIds[0] ?? '' });
    const seen = await observer.until(({ id }) => id === job.id);

    await household.restart();
    await observer.ended;
    const resumed = new Observer(household.server.url, { after: seen.position });

    const end = await resumed.until((each) => each.id === job.id && hasEnded(each));
    expect(end).toEqual(await readJob(household.api, job.id));
    expect(resumed.seen.filter(({ position }) => position <= seen.position)).toEqual([]);
    await resumed.close();
  });

  it('begins with all jobs where no position was seen', async () => {
    const { api, server } = household;
    const jobs = await listJobs(api);
    const observer = new Observer(server.url, { after: '' });
    await observer.until(() => observer.seen.length === jobs.length);
    expectAscending(observer.seen);
    expect(observer.seen).toEqual(expect.arrayContaining([...jobs]));
    await observer.close();
  });

  it.each([' ', 'nonsense', '0', '-1', '12', '1e3', '0'.repeat(17), '٠'.repeat(16), 'x'.repeat(10_000)])(
    'refuses what is not a position: "%s"',
    async (after) => {
      const observer = new Observer(household.server.url, { after });
      expect(await observer.ended).toMatchObject({ code: 'INVALID_INPUT' });
      expect(observer.seen).toEqual([]);
      await observer.close();
    },
  );

  it('refuses a position of another log, which has come further than this one', async () => {
    const observer = new Observer(household.server.url, { after: '9'.repeat(16) });
    expect(await observer.ended).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('not a position of this server') as string,
    });
    await observer.close();
  });
});

describe('jobUpdated, from now on', () => {
  it('begins with the present state of the one job that it is about', async () => {
    const { api, server } = household;
    const [some] = await listJobs(api);
    const observer = new Observer(server.url, { jobId: some?.id ?? '' });
    expect(await observer.until(() => true)).toEqual(some);
    await observer.close();
  });
});
