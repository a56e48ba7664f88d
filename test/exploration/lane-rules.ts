import type { JobRequest } from '../../src/domain/job-request.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import type { ModelStream } from './model-store.js';

export interface Queued {
  readonly jobId: string;
  readonly request: JobRequest;
}

/** Who stands in a lane, in order. Counted here anew: what is checked is not asked. */
export function queueOf({ events }: ModelStream): readonly Queued[] {
  const queue: Queued[] = [];
  for (const { type, data } of events) {
    const event = { type, ...data } as LaneEvent;
    if (event.type === 'JobAdmitted') queue.push({ jobId: event.jobId, request: event.request });
    const index = queue.findIndex(({ jobId }) => jobId === event.jobId);
    if (event.type === 'JobReleased' && index >= 0) queue.splice(index, 1);
  }
  return queue;
}

/** What is wrong with a lane's history by itself. */
export function faultOfLane({ events, first }: ModelStream): string | null {
  const inside = new Set<string>();
  let last = '';
  for (const { type, data } of events) {
    const { jobId, at } = { type, ...data } as LaneEvent;
    if (at < last) return `${type} of ${jobId} lies before the event before it`;
    last = at;
    const isInside = inside.has(jobId);
    if (type === 'JobAdmitted' && isInside) return `${jobId} was admitted twice`;
    // Its admission may have been cut.
    if (type === 'JobReleased' && !isInside && first === 0) return `${jobId} was released and was not there`;
    if (type === 'JobAdmitted') inside.add(jobId);
    else inside.delete(jobId);
  }
  return null;
}
