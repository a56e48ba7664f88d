import { expect, it } from 'vitest';
import { listLines } from '../../src/ui/feed/list-lines.js';
import { aJob } from './a-job.js';

/** By the clock on the wall of whoever reads. */
const at = (text: string) => new Date(text).toISOString();
const lines = (...jobs: readonly Parameters<typeof aJob>[0][]) =>
  listLines(jobs.map(aJob)).map((line) => (line.kind === 'JOB' ? `${line.place} ${line.key}` : 'day'));

it('has a heading at each midnight of the reader', () => {
  expect(
    lines(
      { id: 'noon', createdAt: at('2026-11-27T12:00:00') },
      { id: 'midnight', createdAt: at('2026-11-27T00:00:00') },
      { id: 'before', createdAt: at('2026-11-26T23:59:59') },
      { id: 'a-year-before', createdAt: at('2025-11-26T23:59:59') },
    ),
  ).toEqual(['day', '1 noon', '2 midnight', 'day', '3 before', 'day', '4 a-year-before']);
});

it('has what has not ended above all days, whenever it was created', () => {
  expect(
    lines(
      { id: 'queued', status: 'QUEUED', createdAt: at('2026-11-27T12:00:00') },
      { id: 'running', status: 'RUNNING', createdAt: at('2026-11-20T12:00:00') },
      { id: 'ended', createdAt: at('2026-11-27T11:00:00') },
    ),
  ).toEqual(['1 queued', '2 running', 'day', '3 ended']);
});

it('has no line where there is no job', () => {
  expect(lines()).toEqual([]);
});
