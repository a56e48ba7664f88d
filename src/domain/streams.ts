/** The names of our streams: one for each job's life, one for each budget's queue. */
export const jobPrefix = 'job-';
export const lanePrefix = 'lane-';

export function jobStream(jobId: string): string {
  return jobPrefix + jobId;
}

export function laneStream(budgetId: string): string {
  return lanePrefix + budgetId;
}

export function jobIdOf(stream: string): string {
  return stream.slice(jobPrefix.length);
}

export function budgetIdOf(stream: string): string {
  return stream.slice(lanePrefix.length);
}
