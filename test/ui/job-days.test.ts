import { expect, it } from 'vitest';
import { byDay } from '../../src/ui/feed/job-days.js';
import { aJob } from './a-job.js';

/** By the clock on the wall of whoever reads. */
const at = (text: string) => new Date(text).toISOString();
const groups = (...jobs: readonly Parameters<typeof aJob>[0][]) =>
  byDay(jobs.map(aJob)).map(({ at: day, jobs: ofDay }) => [
    day === null,
    ofDay.map(({ id }) => id).join(' '),
  ]);

it('cuts the list at the midnights of the reader', () => {
  expect(
    groups(
      { id: 'noon', createdAt: at('2026-11-27T12:00:00') },
      { id: 'midnight', createdAt: at('2026-11-27T00:00:00') },
      { id: 'before', createdAt: at('2026-11-26T23:59:59') },
      { id: 'long-ago', createdAt: at('2025-11-26T23:59:59') },
    ),
  ).toEqual([
    [false, 'noon midnight'],
    [false, 'before'],
    [false, 'long-ago'],
  ]);
});

it('puts what has not ended above all days, whenever it was created', () => {
  expect(
    groups(
      { id: 'queued', status: 'QUEUED', createdAt: at('2026-11-27T12:00:00') },
      { id: 'running', status: 'RUNNING', createdAt: at('2026-11-20T12:00:00') },
      { id: 'ended', createdAt: at('2026-11-27T11:00:00') },
    ),
  ).toEqual([
    [true, 'queued running'],
    [false, 'ended'],
  ]);
});

it('has no day where there is no job', () => {
  expect(byDay([])).toEqual([]);
});
