import { expect, it } from 'vitest';
import { anyJob } from '../../src/ui/api/job-filter.js';
import type { Job } from '../../src/ui/api/job.js';
import { goneJobs } from '../../src/ui/feed/gone-jobs.js';
import { aJob } from './a-job.js';

const job = (id: string, day: number, facts: Partial<Job> = {}) =>
  aJob({ id, createdAt: `2026-11-0${day}T09:00:00.000Z`, ...facts });
const known = new Map(
  [
    job('new', 4),
    job('runs', 3, { status: 'RUNNING' }),
    job('missed', 3),
    job('old', 2),
    job('behind', 1),
  ].map((it) => [it.id, it] as const),
);
const page = (hasNextPage: boolean) => ({
  nodes: [job('new', 4), job('old', 2)],
  pageInfo: { hasNextPage, endCursor: null },
});

it('takes for gone what has ended and is missing on the page', () => {
  expect(goneJobs(known, anyJob, page(false))).toEqual(['missed', 'behind']);
});

it('does not know what lies behind the page', () => {
  expect(goneJobs(known, anyJob, page(true))).toEqual(['missed']);
});

it('does not miss what the filter of the page leaves out', () => {
  expect(goneJobs(known, { type: null, status: 'FAILED' }, page(false))).toEqual([]);
});
