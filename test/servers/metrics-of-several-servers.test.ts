import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHousehold, type Household, type Member } from '../support/household.js';
import { hasEnded, startJob, watchToEnd } from '../support/jobs-api.js';
import { scrape } from '../support/metrics.js';
import { Observer } from '../support/observer.js';

let one: Household;
let other: Member;

beforeAll(async () => {
  one = await openHousehold();
  other = await one.join();
});

afterAll(() => one.close());

describe('of several servers', () => {
  it('each counts what it did itself, and all tell of the same queues', async () => {
    await watchToEnd(one.api, (await startJob(one.api, { type: 'SYNC' })).job.id);
    const { job } = await startJob(other.api, { type: 'SYNC' });
    const observer = new Observer(one.server.url, { jobId: job.id });
    await observer.until(hasEnded);
    const held = one.gate.hold();
    await startJob(one.api, { type: 'SYNC' });
    await held;

    const counts = async ({ server }: Member) => {
      const told = await scrape(server.url);
      return {
        queued: told.value('actual_jobs_queued_total'),
        ended: told.value('actual_jobs_ended_total'),
        steps: told.value('actual_jobs_step_duration_seconds_count'),
        busy: told.value('actual_jobs_runner_slots', { state: 'busy' }),
        running: told.value('actual_jobs_active', { status: 'RUNNING' }),
        queue: told.value('actual_jobs_longest_queue'),
        subscribers: told.value('actual_jobs_subscribers'),
      };
    };
    const same = { running: 1, queue: 1 };
    await vi.waitFor(
      async () => {
        expect(await counts(one)).toEqual({
          queued: 2,
          ended: 1,
          steps: 1,
          busy: 1,
          subscribers: 1,
          ...same,
        });
        expect(await counts(other)).toEqual({
          queued: 1,
          ended: 1,
          steps: 1,
          busy: 0,
          subscribers: 0,
          ...same,
        });
      },
      { timeout: 20_000, interval: 50 },
    );
    one.gate.open();
    await observer.close();
  });
});
