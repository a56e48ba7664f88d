/** The names of our streams: one for each job's life, for each budget's queue, for each runner's heartbeat. */
export const jobPrefix = 'job-';
export const lanePrefix = 'lane-';
export const runnerPrefix = 'runner-';
/** One for all: what was spent on models. */
export const tokenStream = 'tokens';

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

export function runnerStream(runnerId: string): string {
  return runnerPrefix + runnerId;
}
