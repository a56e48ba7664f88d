import { isActive, type Job } from '../api/job.js';
import { calendarDay } from '../words/calendar-day.js';

/** `key`: unlike that of any other line; of a job, its id. */
export type ListLine =
  | {
      readonly kind: 'JOB';
      readonly key: string;
      readonly job: Job;
      /** From 1 on. */ readonly place: number;
    }
  | { readonly kind: 'DAY'; readonly key: string; /** An instant of the day. */ readonly at: number };

/**
 * Jobs in the order of the list, with a line above those of each day, by when they were created and the reader's
 * midnights. What has not ended stands above all days.
 */
export function listLines(jobs: readonly Job[]): readonly ListLine[] {
  const lines: ListLine[] = [];
  let dayAbove: number | undefined;
  for (const [index, job] of jobs.entries()) {
    const at = Date.parse(job.createdAt);
    const day = calendarDay(at);
    if (!isActive(job) && day !== dayAbove) {
      lines.push({ kind: 'DAY', key: `day-${day}`, at });
      dayAbove = day;
    }
    lines.push({ kind: 'JOB', key: job.id, job, place: index + 1 });
  }
  return lines;
}
