import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  listJobs,
  readJob,
  startJob,
  watchToEnd,
  type JobData,
} from '../support/jobs-api.js';

const hourMs = 3_600_000;
const preload = pathToFileURL(path.join(import.meta.dirname, '../support/clock-of-process.mjs'));

let household: Household;
let folder: string;
const setClock = (offsetMs: number) => writeFileSync(path.join(folder, 'clock'), String(offsetMs));

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-clock-'));
  setClock(0);
  household = await openHousehold({
    env: {
      CLOCK_FILE: path.join(folder, 'clock'),
      NODE_OPTIONS: `--import=${preload.href}`,
      // So long that the clock can be set meanwhile.
      RETRY_BASE_MS: '3000',
      RETRY_MAX_MS: '3000',
    },
  });
});

afterEach(() => {
  household.gate.open();
  setClock(0);
});

afterAll(async () => {
  await household.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All times that are told of a job, in the order of what they tell of. */
function timesOf(job: JobData): readonly string[] {
  const ofSteps = job.steps.flatMap(({ startedAt, completedAt }) => [startedAt, completedAt]);
  return [job.createdAt, job.startedAt, ...ofSteps, job.completedAt].filter((at) => at !== null);
}

function expectTimesToRise(job: JobData): void {
  for (const times of [timesOf(job), job.history.map(({ at }) => at)]) {
    expect(times).toEqual(times.toSorted());
    expect(times.length).toBeGreaterThan(3);
  }
}

const isBehind = (at: string) => Date.parse(at) < Date.now() - hourMs / 2;

describe('a clock that is set back by an hour', () => {
  it('while a job runs lets it go on, and its times never go back', async () => {
    const { api, gate } = household;
    const held = gate.hold();
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    await held;
    setClock(-hourMs);
    gate.open();

    const ended = await watchToEnd(api, job.id);

    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 1 }, { attempt: 1 }] });
    expectTimesToRise(ended);
  });

  it('while a step waits to be tried again does not make it wait longer', async () => {
    const { api, gate } = household;
    gate.refuse();
    const { job } = await startJob(api, { type: 'SYNC' });
    await expect.poll(async () => (await readJob(api, job.id))?.steps[0]?.nextAttemptAt).not.toBeNull();
    setClock(-hourMs);
    gate.open();

    const ended = await watchToEnd(api, job.id);

    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }] });
    expectTimesToRise(ended);
  });

  it('between two starts lets what was running and what was queued come to their ends', async () => {
    const { api, gate } = household;
    const held = gate.hold();
    const running = (await startJob(api, { type: 'SYNC' })).job;
    const queued = (await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized })).job;
    await held;
    setClock(-hourMs);
    await household.restart({ signal: 'SIGKILL' });
    gate.open();

    const ended = [await watchToEnd(household.api, running.id), await watchToEnd(household.api, queued.id)];

    expect(ended).toMatchObject([{ status: 'SUCCEEDED', steps: [{ attempt: 2 }] }, { status: 'SUCCEEDED' }]);
    ended.forEach(expectTimesToRise);
  });

  it('gives jobs that are started afterwards its own time, and leaves the list in the order of their starts', async () => {
    const { api } = household;
    const before = (await startJob(api, { type: 'SYNC' })).job;
    await watchToEnd(api, before.id);
    setClock(-hourMs);
    const after = (await startJob(api, { type: 'SYNC' })).job;

    const ended = await watchToEnd(api, after.id);

    expect(timesOf(ended).every(isBehind)).toBe(true);
    expectTimesToRise(ended);
    expect((await listJobs(api)).slice(0, 2).map(({ id }) => id)).toEqual([after.id, before.id]);
  });
});
