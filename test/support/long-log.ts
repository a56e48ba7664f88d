import { randomUUID } from 'node:crypto';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import {
  budget,
  jobSucceeded,
  queued,
  started,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from './job-history.js';
import { admitted, released } from './lane-history.js';
import { record } from './read-side.js';

const jobsAtATime = 200;

/** So many jobs that succeeded, of seven events each. */
export async function recordJobs(store: EventStore, count: number): Promise<void> {
  for (let done = 0; done < count; done += jobsAtATime) {
    const ids = Array.from({ length: Math.min(jobsAtATime, count - done) }, () => randomUUID());
    const recordAll = (
      stream: (id: string) => string,
      events: (id: string) => readonly (JobEvent | LaneEvent)[],
    ) => Promise.all(ids.map((id) => record(store, stream(id), ...events(id))));
    await Promise.all([
      recordAll(
        () => laneStream(budget),
        (id) => [admitted(id)],
      ),
      recordAll(jobStream, () => [
        queued(syncRequest),
        started(),
        stepStarted(),
        stepSucceeded(),
        jobSucceeded(),
      ]),
      recordAll(
        () => laneStream(budget),
        (id) => [released(id)],
      ),
    ]);
  }
}
