import PQueue from 'p-queue';
import type { AppendResult, EventStore, Position, RecordedEvent } from '../eventstore/event-store.js';
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

/** As much of a lane's stream as was read, folded. Its beginning may have been cut. */
interface KnownLane {
  readonly lane: Lane;
  readonly events: readonly { readonly revision: number; readonly admits: string | null }[];
  readonly last: { readonly revision: number; readonly position: Position } | null;
}

const unknownLane: KnownLane = { lane: emptyLane, events: [], last: null };

/**
 * The lanes' streams. What was read of one is kept, since it never changes, and only what came since is read.
 */
export class LaneStreams {
  readonly #store: EventStore;
  readonly #now: Clock;
  readonly #known = new Map<string, KnownLane>();
  readonly #turns = new Map<string, PQueue>();

  constructor(store: EventStore, now: Clock) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Does what reads a lane and then appends to it, one after the other within this process: they would only make
   * each other lose and begin again. Between processes the expected revision decides.
   */
  inTurn<T>(budgetId: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(budgetId) ?? new PQueue({ concurrency: 1 });
    this.#turns.set(budgetId, turns);
    return turns.add(work);
  }

  /** @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted */
  async load(budgetId: string, signal: AbortSignal): Promise<LoadedLane> {
    const before = this.#known.get(budgetId) ?? unknownLane;
    const fromRevision = before.last ? before.last.revision + 1 : 0;
    const read = () => this.#store.read(laneStream(budgetId), { fromRevision });
    const known = continued(before, await untilAvailable(read, signal));
    this.#keep(budgetId, known);
    const { lane, events, last } = known;
    const oldest = events.findIndex(
      ({ admits }) => admits !== null && admissionOf(lane, admits) !== undefined,
    );
    const count = oldest < 0 ? Math.max(0, events.length - 1) : oldest;
    return {
      lane,
      revision: last?.revision ?? 'no-stream',
      position: last?.position ?? null,
      settled: { count, before: events[count]?.revision ?? 0 },
    };
  }

  #keep(budgetId: string, known: KnownLane): void {
    const kept = this.#known.get(budgetId)?.last?.revision ?? -1;
    // Of two who read at the same time, the one who saw less may come last.
    if (known.last && known.last.revision > kept) this.#known.set(budgetId, known);
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
    const attempt = async () => {
      const { lane, revision } = await this.load(budgetId, signal);
      const events = decideRelease(lane, jobId, this.#now());
      if (events.length === 0 || !(await isSettled())) return true;
      try {
        await this.append(budgetId, revision, events, signal);
        return true;
      } catch (error) {
        if (error instanceof WrongExpectedRevisionError) return false;
        throw error;
      }
    };
    while (!(await this.inTurn(budgetId, attempt)));
  }

  /**
   * Drops what lies before the oldest admission that is not released, but never the last event, so that the
   * stream's revision stays known.
   */
  async cut(budgetId: string, cutBefore: number, signal: AbortSignal): Promise<void> {
    const stream = laneStream(budgetId);
    await untilAvailable(() => this.#store.setMetadata(stream, { truncateBefore: cutBefore }), signal);
    const known = this.#known.get(budgetId);
    if (!known) return;
    const events = known.events.filter(({ revision }) => revision >= cutBefore);
    this.#known.set(budgetId, { ...known, events });
  }
}

function continued(known: KnownLane, recorded: readonly RecordedEvent[]): KnownLane {
  const last = recorded.at(-1);
  if (!last) return known;
  const events = recorded.map((each) => ({ event: parseEvent(laneEventSchema, each), ...each }));
  return {
    lane: events.reduce((lane, { event }) => evolveLane(lane, event), known.lane),
    events: [
      ...known.events,
      ...events.map(({ event, revision }) => ({
        revision,
        admits: event.type === 'JobAdmitted' ? event.jobId : null,
      })),
    ],
    last: { revision: last.revision, position: last.position },
  };
}
