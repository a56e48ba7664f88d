import { isActive, type Job } from '../api/job.js';
import { calendarDay } from '../words/calendar-day.js';

export interface JobDay {
  /** Unlike that of any other. */
  readonly key: string;
  /** An instant of the day; null: these have not ended, and stand above all days. */
  readonly at: number | null;
  readonly jobs: readonly Job[];
}

/** Jobs in the order of the list, by the day on which they were created, from one midnight of the reader to the next. */
export function byDay(jobs: readonly Job[]): readonly JobDay[] {
  const days: { key: string; at: number | null; jobs: Job[] }[] = [];
  for (const job of jobs) {
    const at = isActive(job) ? null : Date.parse(job.createdAt);
    const key = at === null ? 'active' : `day-${calendarDay(at)}`;
    const last = days.at(-1);
    if (last?.key === key) last.jobs.push(job);
    else days.push({ key, at, jobs: [job] });
  }
  return days;
}
