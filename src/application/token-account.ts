import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import {
  decideReservation,
  decideSettlement,
  emptyLedger,
  evolveLedger,
  type ReservationRefusal,
  type TokenCaps,
  type TokenLedger,
} from '../domain/token-ledger.js';
import { tokenEventSchema, type TokenEvent } from '../domain/token-events.js';
import { tokenStream } from '../domain/streams.js';
import type { EventStore } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { MalformedEventError, parseEvent } from '../eventstore/malformed-event-error.js';
import { untilAvailable } from '../eventstore/until-available.js';
import type { Clock } from './clock.js';
import { appendDurably } from './durable-append.js';

export interface TokenAccountOptions {
  readonly store: EventStore;
  readonly caps: TokenCaps;
  readonly now: Clock;
}

export type Reserving =
  | { readonly outcome: 'RESERVED'; readonly id: string }
  | ReservationRefusal
  /** Somebody else wrote to the stream: nobody knows what was spent. */
  | { readonly outcome: 'UNREADABLE'; readonly reason: string };

interface KnownLedger {
  readonly ledger: TokenLedger;
  readonly revision: number;
  /** Where the last two days begin on which something was spent: what lies before is not needed any longer. */
  readonly days: readonly { readonly day: string; readonly revision: number }[];
}

interface Recorded {
  readonly event: TokenEvent;
  readonly revision: number;
}

const unknownLedger: KnownLedger = { ledger: emptyLedger, revision: -1, days: [] };

/**
 * Sees to it that models cost no more than the caps allow, whatever runs at the same time and wherever: what a question may
 * cost is reserved before it is asked, under the expected revision of one stream.
 */
export class TokenAccount {
  readonly #options: TokenAccountOptions;
  /** Within one process they would only make each other lose. */
  readonly #turns = new PQueue({ concurrency: 1 });
  #known = unknownLedger;
  #cutBefore = 0;
  /** Questions of this process that are not answered yet; resolved when they are. */
  readonly #open = new Map<string, { readonly settled: Promise<void>; readonly settle: () => void }>();

  constructor(options: TokenAccountOptions) {
    this.#options = options;
  }

  /**
   * Reserves what a question costs at most. Where the cap is reached only by what other questions of this process may
   * cost, it waits until that is known.
   *
   * @throws EventStoreUnavailableError; the signal's reason
   */
  async reserve(jobId: string, tokens: number, signal: AbortSignal): Promise<Reserving> {
    for (;;) {
      signal.throwIfAborted();
      const { reserving, open } = await this.#turns.add(async () => ({
        reserving: await this.#tryToReserve(jobId, tokens, signal),
        open: [...this.#open.values()].map(({ settled }) => settled),
      }));
      const mayComeLater = reserving.outcome === 'JOB_CAP_REACHED' || reserving.outcome === 'DAY_CAP_REACHED';
      if (!mayComeLater || open.length === 0) return reserving;
      await oneOf(open, signal);
    }
  }

  /**
   * Says what a question did cost. Where that cannot be said because the stream cannot be read, the reservation counts as
   * it is; the next one tells why.
   *
   * @throws EventStoreUnavailableError the reservation counts as it is
   */
  async settle(id: string, tokens: number, signal: AbortSignal): Promise<void> {
    const { now } = this.#options;
    try {
      const decide = (ledger: TokenLedger) => ({
        answer: undefined,
        events: decideSettlement(ledger, { at: now(), id, tokens }),
      });
      await this.#turns.add(() => this.#decide(decide, signal));
    } catch (error) {
      if (!(error instanceof MalformedEventError)) throw error;
    } finally {
      this.leave(id);
    }
  }

  /** Nobody will say what it did cost: it counts as it was reserved. */
  leave(id: string): void {
    this.#open.get(id)?.settle();
    this.#open.delete(id);
  }

  async #tryToReserve(jobId: string, tokens: number, signal: AbortSignal): Promise<Reserving> {
    const { caps, now } = this.#options;
    const id = randomUUID();
    const reserved = await this.#decide<Reserving>((ledger) => {
      const decision = decideReservation(ledger, { at: now(), id, jobId, tokens, caps });
      return decision.outcome === 'RESERVED'
        ? { answer: { outcome: 'RESERVED', id }, events: decision.events }
        : { answer: decision, events: [] };
    }, signal).catch(unreadable);
    if (reserved.outcome === 'RESERVED') this.#open.set(id, deferred());
    return reserved;
  }

  /** Decides on all that is known, and again where somebody else came first. */
  async #decide<A>(
    decide: (ledger: TokenLedger) => { readonly answer: A; readonly events: readonly TokenEvent[] },
    signal: AbortSignal,
  ): Promise<A> {
    const { store } = this.#options;
    let lostAt: number | undefined;
    for (;;) {
      let { ledger, revision } = await this.#load(signal);
      if (revision === lostAt) {
        // Nobody came first: the stream was deleted, and what it held is forgotten.
        this.#known = unknownLedger;
        ({ ledger, revision } = await this.#load(signal));
      }
      const { answer, events } = decide(ledger);
      if (events.length === 0) return answer;
      const expectedRevision = revision < 0 ? 'no-stream' : revision;
      try {
        await appendDurably(store, tokenStream, events, { expectedRevision, signal });
        return answer;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevisionError)) throw error;
        lostAt = revision;
      }
    }
  }

  async #load(signal: AbortSignal): Promise<KnownLedger> {
    const { store } = this.#options;
    const before = this.#known;
    const read = () => store.read(tokenStream, { fromRevision: before.revision + 1 });
    const recorded: Recorded[] = [];
    try {
      for (const each of await untilAvailable(read, signal)) {
        recorded.push({ event: parseEvent(tokenEventSchema, each), revision: each.revision });
      }
    } finally {
      // What comes before an event that cannot be read was spent all the same.
      if (recorded.length > 0) this.#known = knownWith(this.#known, recorded);
    }
    const [oldest] = this.#known.days;
    if (oldest && oldest.revision > this.#cutBefore) {
      const truncateBefore = oldest.revision;
      await untilAvailable(() => store.setMetadata(tokenStream, { truncateBefore }), signal);
      this.#cutBefore = truncateBefore;
    }
    return this.#known;
  }
}

function knownWith({ ledger, revision, days }: KnownLedger, recorded: readonly Recorded[]): KnownLedger {
  return {
    ledger: evolveLedger(
      ledger,
      recorded.map(({ event }) => event),
    ),
    revision: recorded.at(-1)?.revision ?? revision,
    days: recorded.reduce(daysWith, days),
  };
}

function daysWith(days: KnownLedger['days'], { event, revision }: Recorded): KnownLedger['days'] {
  const day = event.at.slice(0, 'YYYY-MM-DD'.length);
  return days.at(-1)?.day === day ? days : [...days.slice(-1), { day, revision }];
}

function unreadable(error: unknown): Reserving {
  if (!(error instanceof MalformedEventError)) throw error;
  return { outcome: 'UNREADABLE', reason: error.message };
}

function deferred() {
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  return { settled, settle };
}

/** Resolves with the first; rejects with the signal's reason. */
async function oneOf(work: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true, signal: over.signal });
  });
  try {
    await Promise.race([...work, aborted]);
  } finally {
    over.abort();
  }
}
