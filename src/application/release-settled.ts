import { isSettledIn } from '../domain/job.js';
import type { JobStreams } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import type { Moment } from './moment.js';

/**
 * Takes a job out of a lane where it has ended, or is another lane's.
 *
 * @throws EventStoreUnavailableError, MalformedEventError
 */
export function releaseSettled(
  laneId: string,
  jobId: string,
  { jobs, lanes, signal }: { jobs: JobStreams; lanes: LaneStreams; signal: AbortSignal },
): Promise<void> {
  const isSettled = async (since: Moment) =>
    isSettledIn(laneId, (await jobs.recall(jobId, signal, since)).job);
  return lanes.release(laneId, jobId, { isSettled, signal });
}
