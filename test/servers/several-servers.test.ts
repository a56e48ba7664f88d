import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { isAlive } from '../support/child-processes.js';
import { openHousehold, type Household, type Member } from '../support/household.js';
import {
  allUncategorized,
  cancelJob,
  hasEnded,
  lastPosition,
  listJobs,
  readJob,
  startJob,
  watchToEnd,
  watchUntil,
  type JobData,
  type StartInput,
} from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';
import {
  about,
  admittedIn,
  expectOneAtATime,
  expectSoundLog,
  historiesIn,
  isQuiet,
} from '../support/sound-log.js';

const patience = { timeout: 30_000, interval: 50 };

let household: Household;
let one: Household;
let other: Member;

beforeAll(async () => {
  household = await openHousehold({ budgets: 2 });
  one = household;
  other = await household.join();
});

afterEach(() => {
  one.gate.open();
  other.gate.open();
});

afterAll(async () => {
  await household.close();
});

const ownJob = (budget = 0): StartInput => ({ type: 'SYNC', budgetId: household.budgetIds[budget] ?? '' });
const combined = (budget = 0): StartInput => ({
  ...ownJob(budget),
  type: 'SYNC_AND_GENERATE',
  batch: allUncategorized,
});
const suggestions = (budget = 0): StartInput => ({
  ...ownJob(budget),
  type: 'SUGGESTIONS_GENERATION',
  batch: allUncategorized,
});

/**
 * Starts a job that runs on this very server, and waits for Actual there: the others are held up meanwhile, so that
 * none of them takes it over because this one is slow.
 */
async function startHeld(member: Member, input: StartInput): Promise<JobData> {
  const others = household.members.filter(({ server }) => server.pid !== member.server.pid);
  const signal = (name: NodeJS.Signals) => {
    for (const { server } of others) if (isAlive(server.pid)) process.kill(server.pid, name);
  };
  const held = member.gate.hold();
  signal('SIGSTOP');
  try {
    const { job } = await startJob(member.api, input);
    await held;
    return job;
  } finally {
    signal('SIGCONT');
  }
}

/** All that was appended, when nothing is left to do. */
function onceQuiet(): Promise<readonly RecordedEvent[]> {
  return vi.waitUntil(async () => {
    const events = await household.events();
    return isQuiet(events) && events;
  }, patience);
}

/** What the log says about these jobs is as it should be, and no two ever ran in one lane at a time. */
async function expectSound(...ids: readonly string[]): Promise<void> {
  const log = await onceQuiet();
  expectSoundLog(about(new Set(ids), log));
  expectOneAtATime(log);
}

/** Both servers answer the same, as soon as both have seen all. */
async function expectAgreement(): Promise<void> {
  await vi.waitFor(async () => {
    expect(await listJobs(other.api)).toEqual(await listJobs(one.api));
  }, patience);
}

describe('the same job, started on two servers at the same moment,', () => {
  it('is one job', async () => {
    for (let round = 0; round < 5; round++) {
      const held = [one.gate.hold(), other.gate.hold()];
      const starts = await Promise.all(
        [one, other, one, other].map(({ api }) => startJob(api, ownJob(round % 2))),
      );
      expect(new Set(starts.map(({ job }) => job.id)).size).toBe(1);
      expect(starts.filter(({ created }) => created)).toHaveLength(1);
      await Promise.race(held);
      one.gate.open();
      other.gate.open();
      await watchToEnd(other.api, starts[0]?.job.id ?? '');
    }
  });

  it('is one job for good where it has an idempotency key', async () => {
    const keyed = { ...ownJob(), idempotencyKey: 'both at once' };
    const starts = await Promise.all([one, other].map(({ api }) => startJob(api, keyed)));
    const ids = starts.map(({ job }) => job.id);
    expect(new Set(ids).size).toBe(1);
    await watchToEnd(one.api, ids[0] ?? '');
    expect(await startJob(other.api, keyed)).toMatchObject({ created: false, job: { id: ids[0] } });
  });
});

describe('a lane', () => {
  it('runs one job at a time, in order, whichever server they were started on', async () => {
    const before = (await listJobs(one.api)).length;
    const starts: Promise<{ job: JobData }>[] = [];
    for (const budget of [0, 1]) {
      for (const [index, input] of [ownJob, suggestions, combined, ownJob].entries()) {
        const { api } = index % 2 === 0 ? one : other;
        starts.push(startJob(api, { ...input(budget), onConflict: 'QUEUE' }));
      }
    }
    const ids = new Set((await Promise.all(starts)).map(({ job }) => job.id));
    const log = await onceQuiet();
    expectSoundLog(about(ids, log));
    expectOneAtATime(log);
    const started = [...historiesIn(log)].filter(([id]) => ids.has(id));
    expect(started).toHaveLength(ids.size);
    await vi.waitFor(async () => expect(await listJobs(one.api)).toHaveLength(before + ids.size), patience);
    const jobs = (await listJobs(one.api)).filter(({ id }) => ids.has(id));
    expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    const inOrder = (list: readonly string[]) => list.filter((id) => ids.has(id));
    for (const budgetId of household.budgetIds) {
      const lane = log.filter(({ stream }) => stream === `lane-${budgetId}`);
      const byStart = log.filter(({ type }) => type === 'JobStarted').map(({ stream }) => stream.slice(4));
      const admitted = inOrder(admittedIn(lane));
      expect(inOrder(byStart).filter((id) => admitted.includes(id))).toEqual(admitted);
    }
    await expectAgreement();
  });

  it('is canceled in from the server that does not run the job', async () => {
    const job = await startHeld(one, ownJob());
    await watchUntil(other.api, job.id, ({ status }) => status === 'RUNNING');
    await cancelJob(other.api, job.id);
    const ended = await watchToEnd(other.api, job.id);
    expect(ended.status).toBe('CANCELED');
    one.gate.open();
    await expectAgreement();
  });

  it('goes on with jobs that were started on another server as soon as that is busy no longer with one', async () => {
    const first = await startHeld(one, ownJob());
    const next = await startJob(other.api, suggestions());
    expect(next.job).toMatchObject({ status: 'QUEUED', queuePosition: 1 });
    one.gate.open();
    const ended = await watchToEnd(one.api, next.job.id);
    const { completedAt } = (await readJob(one.api, first.id)) ?? {};
    expect(ended.status).toBe('SUCCEEDED');
    expect((ended.startedAt ?? '') >= (completedAt ?? 'z')).toBe(true);
  });
});

describe('a client', () => {
  it('goes on with `jobUpdated` on the other server where it was, without a gap', async () => {
    const after = await lastPosition(one.api);
    const first = new Observer(one.server.url, { after });
    const ids: string[] = [];
    for (const input of [combined(0), suggestions(1)]) ids.push((await startJob(one.api, input)).job.id);
    await first.until(({ status }) => status === 'RUNNING');
    first.cut();
    await first.ended;
    const seen = first.seen.map(({ position }) => position);
    const second = new Observer(other.server.url, { after: seen.at(-1) ?? after });
    ids.push((await startJob(other.api, ownJob(1))).job.id);
    const isDone = () =>
      ids.every((id) => {
        const latest = second.latest.get(id) ?? first.latest.get(id);
        return latest !== undefined && hasEnded(latest);
      });
    await second.until(isDone);

    const positions = [...first.seen, ...second.seen].map(({ position }) => position);
    expect(positions).toEqual([...positions].sort());
    for (const id of ids) {
      const latest = second.latest.get(id) ?? first.latest.get(id);
      expect(latest).toEqual(await readJob(other.api, id));
    }
    await first.close();
    await second.close();
  });

  it('reads on one server what it was told by the other as soon as that server has seen it', async () => {
    const { job } = await startJob(one.api, suggestions());
    await watchToEnd(one.api, job.id);
    await expectAgreement();
  });
});

describe('a server', () => {
  it('may be replaced while jobs run and wait', async () => {
    const third = await household.join();
    const running = await startHeld(third, combined(0));
    const waiting = await startJob(third.api, suggestions(0));
    await third.api.close();
    expect(await third.server.stop('SIGTERM')).toBe(0);
    const ended = await watchToEnd(one.api, running.id);
    // Interrupted once, and soon: nobody had to find out that it was gone.
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }, { attempt: 1 }] });
    expect((await watchToEnd(other.api, waiting.job.id)).status).toBe('SUCCEEDED');
    await expectSound(running.id, waiting.job.id);
  });

  it('that is killed is noticed, and its step runs elsewhere', async () => {
    const third = await household.join();
    const job = await startHeld(third, combined(1));
    await third.api.close();
    await third.server.stop('SIGKILL');
    const ended = await watchToEnd(other.api, job.id);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }, { attempt: 1 }] });
    await expectSound(job.id);
  });

  it('that comes back with its own DATA_DIR goes on with its steps before others do', async () => {
    const third = await household.join({ env: { RUNNER_GONE_AFTER_MS: '600000' } });
    const job = await startHeld(third, ownJob(1));
    // The others would take it over only after ten minutes.
    await other.restart({ env: { RUNNER_GONE_AFTER_MS: '600000' } });
    await one.restart({ env: { RUNNER_GONE_AFTER_MS: '600000' } });
    third.gate.open();
    await third.restart({ signal: 'SIGKILL' });
    expect(await watchToEnd(third.api, job.id)).toMatchObject({
      status: 'SUCCEEDED',
      steps: [{ attempt: 2 }],
    });
    await one.restart();
    await other.restart();
  });

  it('that was held up and wakes when others have done its work does no harm', async () => {
    const third = await household.join();
    const job = await startHeld(third, combined(0));
    process.kill(third.server.pid, 'SIGSTOP');
    const ended = await watchToEnd(one.api, job.id);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }, { attempt: 1 }] });
    process.kill(third.server.pid, 'SIGCONT');
    third.gate.open();
    // It learns what happened meanwhile, and works on.
    await vi.waitFor(async () => expect(await readJob(third.api, job.id)).toEqual(ended), patience);
    const next = await startJob(third.api, suggestions(0));
    expect((await watchToEnd(third.api, next.job.id)).status).toBe('SUCCEEDED');
    expect(await readJob(one.api, job.id)).toEqual(ended);
    await expectSound(job.id, next.job.id);
  });
});

// Last, because one id then stands in two lanes.
describe('one key for two different requests, sent to two servers at the same moment,', () => {
  it('is refused for one of them', async () => {
    const keyed = [ownJob(0), ownJob(1)].map((input) => ({ ...input, idempotencyKey: 'two budgets' }));
    const starts = await Promise.allSettled(
      [one, other].map(({ api }, index) => startJob(api, keyed[index] ?? ownJob())),
    );
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as unknown] : []));
    expect(refused).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' })]);
    await onceQuiet();
  });
});
