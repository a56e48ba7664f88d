import type { AppendResult, EventStore, Position } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { admissionOf, decideRelease, emptyLane, evolveLane, type Lane } from '../domain/lane.js';
import { laneEventSchema, type LaneEvent } from '../domain/lane-events.js';
import { laneStream } from '../domain/streams.js';
import type { Clock } from './clock.js';
import { appendDurably } from './durable-append.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';
import { untilAvailable } from './until-available.js';

export interface LoadedLane {
  readonly lane: Lane;
  readonly revision: number | 'no-stream';
  readonly position: Position | null;
  /** What lies before the oldest admission that is not released: see `cut`. */
  readonly settled: { readonly count: number; readonly before: number };
}

/** The lanes' streams. */
export class LaneStreams {
  readonly #store: EventStore;
  readonly #now: Clock;

  constructor(store: EventStore, now: Clock) {
    this.#store = store;
    this.#now = now;
  }

  /** @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted */
  async load(budgetId: string, signal: AbortSignal): Promise<LoadedLane> {
    const recorded = await untilAvailable(() => this.#store.read(laneStream(budgetId)), signal);
    const events = recorded.map((event) => parseEvent(laneEventSchema, event));
    const lane = events.reduce(evolveLane, emptyLane);
    const last = recorded.at(-1);
    const oldest = events.findIndex(
      (event) => event.type === 'JobAdmitted' && admissionOf(lane, event.jobId) !== undefined,
    );
    const count = oldest < 0 ? Math.max(0, events.length - 1) : oldest;
    return {
      lane,
      revision: last?.revision ?? 'no-stream',
      position: last?.position ?? null,
      settled: { count, before: recorded[count]?.revision ?? 0 },
    };
  }

  /**
   * @throws WrongExpectedRevisionError, EventStoreUnavailableError
   * @throws ZodError an event that nobody could read: it would stop all who come upon it, so it is not written
   */
  async append(
    budgetId: string,
    revision: LoadedLane['revision'],
    events: readonly LaneEvent[],
    signal: AbortSignal,
  ): Promise<AppendResult> {
    const facts = events.map((event) => laneEventSchema.parse(event));
    return appendDurably(this.#store, laneStream(budgetId), facts, { expectedRevision: revision, signal });
  }

  /**
   * Takes a job out of its lane; harmless where it is not there any longer.
   *
   * @param isSettled asked after the lane was read: an id whose stream was deleted may have come back into
   *   the lane, and its new life stays there
   */
  async release(
    budgetId: string,
    jobId: string,
    { isSettled, signal }: { readonly isSettled: () => Promise<boolean>; readonly signal: AbortSignal },
  ): Promise<void> {
    for (;;) {
      const { lane, revision } = await this.load(budgetId, signal);
      const events = decideRelease(lane, jobId, this.#now());
      if (events.length === 0 || !(await isSettled())) return;
      try {
        await this.append(budgetId, revision, events, signal);
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevisionError)) throw error;
      }
    }
  }

  /**
   * Drops what lies before the oldest admission that is not released, but never the last event, so that the
   * stream's revision stays known.
   */
  cut(budgetId: string, cutBefore: number, signal: AbortSignal): Promise<void> {
    const stream = laneStream(budgetId);
    return untilAvailable(() => this.#store.setMetadata(stream, { truncateBefore: cutBefore }), signal);
  }
}
