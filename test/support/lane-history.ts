import type { JobRequest } from '../../src/domain/job-request.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import { emptyLane, evolveLane, type Lane } from '../../src/domain/lane.js';
import { now, syncRequest } from './job-history.js';

/** The facts of a budget's queue, as they are recorded. */
export const admitted = (jobId: string, request: JobRequest = syncRequest, at = now): LaneEvent => ({
  type: 'JobAdmitted',
  v: 1,
  at,
  jobId,
  request,
});
export const released = (jobId: string, at = now): LaneEvent => ({ type: 'JobReleased', v: 1, at, jobId });

export function laneAfter(...history: readonly LaneEvent[]): Lane {
  return history.reduce(evolveLane, emptyLane);
}
