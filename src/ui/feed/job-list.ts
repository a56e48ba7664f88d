import { matches, type JobFilter } from '../api/job-filter.js';
import { isActive, type Job } from '../api/job.js';
import type { JobPage } from '../api/job-page.js';
import type { KnownJobs } from './known-jobs.js';

/** How far back the list of a filter is loaded. Of what lies behind it there may be more than is known. */
export interface JobList {
  readonly filter: JobFilter;
  readonly isLoaded: boolean;
  /** When the oldest loaded job was created; null: all are loaded. */
  readonly since: string | null;
  readonly endCursor: string | null;
}

export function unloaded(filter: JobFilter): JobList {
  return { filter, isLoaded: false, since: null, endCursor: null };
}

/** With one more page, which goes on where the list ends. */
export function extended({ filter }: JobList, { nodes, pageInfo }: JobPage): JobList {
  const oldest = nodes.at(-1);
  return {
    filter,
    isLoaded: true,
    since: pageInfo.hasNextPage && oldest ? oldest.createdAt : null,
    endCursor: pageInfo.endCursor,
  };
}

export function hasOlder({ since }: JobList): boolean {
  return since !== null;
}

/** What runs, then what waits for its turn, then what has ended; of each, the newest first. */
export function listed({ filter, since }: JobList, known: KnownJobs): readonly Job[] {
  return [...known.values()]
    .filter((job) => matches(filter, job) && (isActive(job) || job.createdAt >= (since ?? '')))
    .sort((a, b) => rank(a) - rank(b) || compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
}

function rank({ status }: Job): number {
  return status === 'RUNNING' ? 0 : status === 'QUEUED' ? 1 : 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
