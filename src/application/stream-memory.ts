import { LRUCache } from 'lru-cache';
import type { AppendResult } from '../eventstore/event-store.js';
import { EventStoreUnavailableError } from '../eventstore/event-store-errors.js';
import { nextMoment, type Moment } from './moment.js';

export interface Known {
  readonly revision: number | 'no-stream';
  /** The stream was like this at some moment after this one. */
  readonly asOf: Moment;
}

interface Entry<K extends Known> {
  readonly known: K;
  /** What was known before may not be all. */
  readonly doubtedAt: Moment;
}

/**
 * What this process knows of streams: what it read, and what it appended since. Others append, too, so whoever acts on
 * what is known here appends under its revision, and whoever only looks is told by the log what to look at again.
 */
export class StreamMemory<K extends Known> {
  readonly #entries: LRUCache<string, Entry<K>>;
  /** Appends that are under way: what they will have made of the stream is not known yet. */
  readonly #underWay = new Map<string, Promise<void>>();

  /**
   * @param most so many streams are kept in mind; those that nobody asked for longest are read again
   * @param sizeOf as how many streams one counts, where some take far more memory than others
   */
  constructor(most: number, sizeOf: (known: K) => number = () => 1) {
    this.#entries = new LRUCache({ maxSize: most, sizeCalculation: ({ known }) => sizeOf(known) });
  }

  /**
   * What is known of a stream, once what is being appended to it here has ended.
   *
   * @returns undefined where nothing is, where the log told of more, or where it is older than `since`
   * @throws EventStoreUnavailableError the append had not ended when `signal` was aborted
   */
  async recall(id: string, signal: AbortSignal, since: Moment = 0): Promise<K | undefined> {
    const underWay = this.#underWay.get(id);
    if (underWay) await orAborted(underWay, signal);
    const entry = this.#entries.get(id);
    const isCertain = entry && entry.known.asOf > entry.doubtedAt && entry.known.asOf >= since;
    return isCertain ? entry.known : undefined;
  }

  /** What was known last, certain or not: events that were read stay as they are. */
  last(id: string): K | undefined {
    return this.#entries.get(id)?.known;
  }

  /** Of two who read at the same time, the one who saw less may come last. */
  learn(id: string, known: K): void {
    const entry = this.#entries.get(id);
    if (entry && isOlder(known, entry.known)) return;
    this.#entries.set(id, { known, doubtedAt: entry?.doubtedAt ?? 0 });
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  /** The log has an event of the stream at this revision. */
  noticed(id: string, revision: number): void {
    const doubtLess = () => {
      const known = this.last(id);
      if (known && (known.revision === 'no-stream' || known.revision < revision)) this.#doubt(id);
    };
    // Often an event is seen before whoever appended it is told.
    const underWay = this.#underWay.get(id);
    if (underWay) void underWay.then(doubtLess);
    else doubtLess();
  }

  /**
   * Appends to a stream, and learns what comes of it.
   *
   * @param continued what is known then; undefined where what was known before is not what was appended to
   */
  append(
    id: string,
    append: () => Promise<AppendResult>,
    continued: (before: K | undefined, result: AppendResult, asOf: Moment) => K | undefined,
  ): Promise<AppendResult> {
    const asOf = nextMoment();
    const appending = append();
    const underWay = appending
      .then(
        (result) => {
          const known = continued(this.last(id), result, asOf);
          if (known) this.learn(id, known);
          else this.#doubt(id);
        },
        () => {
          this.#doubt(id);
        },
      )
      .finally(() => {
        if (this.#underWay.get(id) === underWay) this.#underWay.delete(id);
      });
    this.#underWay.set(id, underWay);
    return appending;
  }

  #doubt(id: string): void {
    const known = this.last(id);
    if (known) this.#entries.set(id, { known, doubtedAt: nextMoment() });
  }
}

function isOlder(one: Known, other: Known): boolean {
  if (one.revision === 'no-stream' || other.revision === 'no-stream') return one.asOf < other.asOf;
  return one.revision < other.revision || (one.revision === other.revision && one.asOf < other.asOf);
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      reject(new EventStoreUnavailableError('What is being appended is not known in time'));
    };
  });
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp);
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
