import PQueue from 'p-queue';
import type { AppendResult, EventStore, Position, RecordedEvent } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { admissionOf, decideRelease, emptyLane, evolveLane, type Lane } from '../domain/lane.js';
import { laneEventSchema, type LaneEvent } from '../domain/lane-events.js';
import { laneStream } from '../domain/streams.js';
import type { Clock } from './clock.js';
import { appendDurably } from './durable-append.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';
import { nextMoment, type Moment } from './moment.js';
import { StreamMemory, type Known } from './stream-memory.js';
import { untilAvailable } from '../eventstore/until-available.js';

export interface LoadedLane {
  readonly lane: Lane;
  readonly revision: number | 'no-stream';
  readonly position: Position | null;
  /** By then its last event was known here. */
  readonly learnedBy: Moment;
  /** What lies before the oldest admission that is not released: see `cut`. */
  readonly settled: { readonly count: number; readonly before: number };
}

/** As much of a lane's stream as was read, folded. Its beginning may have been cut. */
interface KnownLane extends Known {
  readonly lane: Lane;
  readonly events: readonly { readonly revision: number; readonly admits: string | null }[];
  readonly position: Position | null;
  readonly learnedBy: Moment;
}

const unknownLane: KnownLane = {
  lane: emptyLane,
  events: [],
  revision: 'no-stream',
  position: null,
  asOf: 0,
  learnedBy: 0,
};

/** So many lanes are kept in mind. */
const mostLanes = 10_000;

/**
 * The lanes' streams. What was read of one or appended to it is kept, since it never changes, and only what came since
 * is read.
 */
export class LaneStreams {
  readonly #store: EventStore;
  readonly #now: Clock;
  readonly #memory = new StreamMemory<KnownLane>(mostLanes);
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

  /**
   * A lane as its stream has it.
   *
   * @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted
   */
  async load(budgetId: string, signal: AbortSignal): Promise<LoadedLane> {
    const asOf = nextMoment();
    const before = this.#memory.last(budgetId) ?? unknownLane;
    const fromRevision = before.revision === 'no-stream' ? 0 : before.revision + 1;
    const read = () => this.#store.read(laneStream(budgetId), { fromRevision });
    const known = continued(before, entriesOf(await untilAvailable(read, signal)), asOf);
    this.#memory.learn(budgetId, known);
    return loadedFrom(known);
  }

  /**
   * A lane as it is known here, where that is not older than `since`; otherwise as its stream has it.
   *
   * @throws MalformedEventError, EventStoreUnavailableError when `signal` was aborted
   */
  async recall(budgetId: string, signal: AbortSignal, since: Moment = 0): Promise<LoadedLane> {
    const known = await this.#memory.recall(budgetId, signal, since);
    return known ? loadedFrom(known) : this.load(budgetId, signal);
  }

  /** The log has an event of the lane at this revision. */
  noticed(budgetId: string, revision: number): void {
    this.#memory.noticed(budgetId, revision);
  }

  /**
   * @throws WrongExpectedRevisionError, EventStoreUnavailableError
   * @throws ZodError an event that nobody could read: it would stop all who come upon it, so it is not written
   */
  async append(
    budgetId: string,
    expectedRevision: LoadedLane['revision'],
    events: readonly LaneEvent[],
    signal: AbortSignal,
  ): Promise<AppendResult> {
    const facts = events.map((event) => laneEventSchema.parse(event));
    return this.#memory.append(
      budgetId,
      () => appendDurably(this.#store, laneStream(budgetId), facts, { expectedRevision, signal }),
      (before = unknownLane, result, asOf) => {
        if (before.revision !== expectedRevision) return undefined;
        const first = result.revision - facts.length + 1;
        const entries = facts.map((event, index) => ({ event, ...result, revision: first + index }));
        return continued(before, entries, asOf);
      },
    );
  }

  /**
   * Takes a job out of its lane; harmless where it is not there any longer.
   *
   * @param isSettled asked about the job as it was at some moment after the given one: an id whose stream was deleted
   *   may have come back into the lane, and its new life stays there
   */
  async release(
    budgetId: string,
    jobId: string,
    {
      isSettled,
      signal,
    }: { readonly isSettled: (since: Moment) => Promise<boolean>; readonly signal: AbortSignal },
  ): Promise<void> {
    const attempt = async () => {
      const { lane, revision, learnedBy } = await this.recall(budgetId, signal);
      const events = decideRelease(lane, jobId, this.#now());
      if (events.length === 0 || !(await isSettled(learnedBy))) return true;
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
    const known = this.#memory.last(budgetId);
    if (!known) return;
    const events = known.events.filter(({ revision }) => revision >= cutBefore);
    this.#memory.learn(budgetId, { ...known, events });
  }
}

/** An event of a lane, and where it is. */
interface Entry {
  readonly event: LaneEvent;
  readonly revision: number;
  readonly position: Position;
}

function entriesOf(recorded: readonly RecordedEvent[]): readonly Entry[] {
  return recorded.map((each) => ({ event: parseEvent(laneEventSchema, each), ...each }));
}

function continued(known: KnownLane, entries: readonly Entry[], asOf: Moment): KnownLane {
  const last = entries.at(-1);
  if (!last) return { ...known, asOf };
  return {
    lane: entries.reduce((lane, { event }) => evolveLane(lane, event), known.lane),
    events: [
      ...known.events,
      ...entries.map(({ event, revision }) => ({
        revision,
        admits: event.type === 'JobAdmitted' ? event.jobId : null,
      })),
    ],
    revision: last.revision,
    position: last.position,
    asOf,
    learnedBy: nextMoment(),
  };
}

function loadedFrom(known: KnownLane): LoadedLane {
  const { lane, revision, position, learnedBy } = known;
  return {
    ...{ lane, revision, position, learnedBy },
    // All events are looked through for it, and hardly anybody asks.
    get settled() {
      return settledIn(known);
    },
  };
}

function settledIn({ lane, events }: KnownLane): LoadedLane['settled'] {
  const oldest = events.findIndex(({ admits }) => admits !== null && admissionOf(lane, admits) !== undefined);
  const count = oldest < 0 ? Math.max(0, events.length - 1) : oldest;
  return { count, before: events[count]?.revision ?? 0 };
}
