import { JobStreams } from '../../src/application/job-streams.js';
import { LaneStreams, type LoadedLane } from '../../src/application/lane-streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import type { MakeParts } from './real-code.js';

/** Reads a lane from its beginning each time: what is kept of it is what would be read again. */
export class ForgetfulLanes extends LaneStreams {
  readonly #fresh: () => LaneStreams;

  constructor(store: EventStore, now: () => string) {
    super(store, now);
    this.#fresh = () => new LaneStreams(store, now);
  }

  override load(budgetId: string, signal: AbortSignal): Promise<LoadedLane> {
    return this.#fresh().load(budgetId, signal);
  }
}

export const forgetfulParts = ((store: EventStore, now: () => string) => ({
  jobs: new JobStreams(store),
  lanes: new ForgetfulLanes(store, now),
})) satisfies MakeParts;
