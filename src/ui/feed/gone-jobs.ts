import { matches, type JobFilter } from '../api/job-filter.js';
import type { JobPage } from '../api/job-page.js';
import { isActive } from '../api/job.js';
import type { KnownJobs } from './known-jobs.js';

/**
 * Ids of those among `known` that the server no longer keeps: they would be on this first page of the list, and are not.
 * `known`: as it was when the page was asked for. What lies behind the page may still be there; only what has ended goes.
 */
export function goneJobs(
  known: KnownJobs,
  filter: JobFilter,
  { nodes, pageInfo }: JobPage,
): readonly string[] {
  const kept = new Set(nodes.map(({ id }) => id));
  const oldest = pageInfo.hasNextPage ? (nodes.at(-1)?.createdAt ?? '') : '';
  return [...known.values()]
    .filter((job) => !isActive(job) && matches(filter, job) && job.createdAt > oldest && !kept.has(job.id))
    .map(({ id }) => id);
}
