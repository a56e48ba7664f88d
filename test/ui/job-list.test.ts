import { expect, it } from 'vitest';
import { anyJob } from '../../src/ui/api/job-filter.js';
import { extended, hasOlder, listed, unloaded } from '../../src/ui/feed/job-list.js';
import { withJobs } from '../../src/ui/feed/known-jobs.js';
import { aJob } from './a-job.js';

const at = (minute: number) => `2026-11-24T09:0${minute}:00.000Z`;
const oldest = aJob({ id: 'oldest', createdAt: at(1) });
const middle = aJob({ id: 'middle', createdAt: at(2), status: 'FAILED' });
const newest = aJob({ id: 'newest', createdAt: at(3), type: 'SYNC_AND_GENERATE' });
const known = withJobs(new Map(), [middle, oldest, newest]);

const ids = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id);

it('shows the newest first', () => {
  expect(ids(listed(unloaded(anyJob), known))).toEqual(['newest', 'middle', 'oldest']);
});

it.each([
  { filter: { type: 'SYNC', status: null }, shown: ['middle', 'oldest'] },
  { filter: { type: null, status: 'FAILED' as const }, shown: ['middle'] },
  { filter: { type: 'SYNC_AND_GENERATE', status: 'FAILED' as const }, shown: [] },
])('shows what matches the filter: $shown', ({ filter, shown }) => {
  expect(ids(listed(unloaded(filter), known))).toEqual(shown);
});

it('leaves out what lies behind the loaded part, of which there may be more than is known', () => {
  const page = { nodes: [newest, middle], pageInfo: { hasNextPage: true, endCursor: 'c' } };
  const list = extended(unloaded(anyJob), page);
  expect(ids(listed(list, known))).toEqual(['newest', 'middle']);
  expect(hasOlder(list)).toBe(true);
  const rest = extended(list, { nodes: [oldest], pageInfo: { hasNextPage: false, endCursor: 'd' } });
  expect(ids(listed(rest, known))).toEqual(['newest', 'middle', 'oldest']);
  expect(hasOlder(rest)).toBe(false);
});

it('shows a job that is newer than the loaded part', () => {
  const page = { nodes: [middle], pageInfo: { hasNextPage: true, endCursor: 'c' } };
  expect(ids(listed(extended(unloaded(anyJob), page), known))).toEqual(['newest', 'middle']);
});

it('shows what has not ended on top, even from behind the loaded part', () => {
  const running = aJob({
    id: 'running',
    status: 'RUNNING',
    createdAt: '2026-01-01T00:00:00.000Z',
    position: '09',
  });
  const list = { ...unloaded(anyJob), since: '2026-11-01T00:00:00.000Z' };
  expect(ids(listed(list, new Map([...known, ['running', running]])))[0]).toBe('running');
});

it('shows what runs above what waits for its turn, however new that is', () => {
  const jobs = [
    aJob({ id: 'ended', createdAt: at(4) }),
    aJob({ id: 'next', status: 'QUEUED', createdAt: at(2) }),
    aJob({ id: 'later', status: 'QUEUED', createdAt: at(3) }),
    aJob({ id: 'running', status: 'RUNNING', createdAt: at(1) }),
  ];
  expect(ids(listed(unloaded(anyJob), withJobs(new Map(), jobs)))).toEqual([
    'running',
    'later',
    'next',
    'ended',
  ]);
});
