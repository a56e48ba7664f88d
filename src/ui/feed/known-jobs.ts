import type { Job } from '../api/job.js';

/** The latest state that is known of each job, by its id. */
export type KnownJobs = ReadonlyMap<string, Job>;

/** Never replaces a state by an older one, whichever way and in whichever order they come. */
export function withJobs(known: KnownJobs, jobs: readonly Job[]): KnownJobs {
  const newer = jobs.filter(({ id, position }) => position > (known.get(id)?.position ?? ''));
  if (newer.length === 0) return known;
  const merged = new Map(known);
  for (const job of newer) {
    if (job.position > (merged.get(job.id)?.position ?? '')) merged.set(job.id, job);
  }
  return merged;
}

export function withoutJob(known: KnownJobs, id: string): KnownJobs {
  const rest = new Map(known);
  return rest.delete(id) ? rest : known;
}

/** The job with the greatest position: updates go on from there. */
export function lastChanged(known: KnownJobs): Job | undefined {
  let last: Job | undefined;
  for (const job of known.values()) {
    if (job.position > (last?.position ?? '')) last = job;
  }
  return last;
}
