import { expect, it } from 'vitest';
import type { Job } from '../../src/ui/api/job.js';
import { lastChanged, withJobs, withoutJob, type KnownJobs } from '../../src/ui/feed/known-jobs.js';
import { aJob } from './a-job.js';

const none: KnownJobs = new Map();
const states = (known: KnownJobs) => [...known.values()].map(({ id, status }: Job) => `${id} ${status}`);

const queued = aJob({ id: 'a', status: 'QUEUED', position: '01' });
const running = aJob({ id: 'a', status: 'RUNNING', position: '02' });
const ended = aJob({ id: 'a', status: 'SUCCEEDED', position: '03' });

it.each([
  { order: 'as they happened', jobs: [queued, running, ended] },
  { order: 'the other way round', jobs: [ended, running, queued] },
  { order: 'the newest in the middle', jobs: [queued, ended, running] },
])('keeps the newest state of a job that comes in pieces: $order', ({ jobs }) => {
  expect(states(withJobs(none, jobs))).toEqual(['a SUCCEEDED']);
  expect(states(jobs.reduce((known, job) => withJobs(known, [job]), none))).toEqual(['a SUCCEEDED']);
});

it('is the same object where nothing is new, so that nothing is drawn again', () => {
  const known = withJobs(none, [ended]);
  expect(withJobs(known, [queued, ended])).toBe(known);
  expect(withoutJob(known, 'b')).toBe(known);
});

it('goes on from the greatest position, compared as text', () => {
  const known = withJobs(none, [
    aJob({ id: 'a', position: '0000000009' }),
    aJob({ id: 'b', position: '0000000010' }),
    aJob({ id: 'c', position: '0000000001' }),
  ]);
  expect(lastChanged(known)?.id).toBe('b');
  expect(lastChanged(none)).toBeUndefined();
});

it('forgets a job that is no longer kept', () => {
  expect(states(withoutJob(withJobs(none, [ended]), 'a'))).toEqual([]);
});
