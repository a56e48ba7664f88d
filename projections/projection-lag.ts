import { jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { Position } from '../src/eventstore/event-store.js';

/** So many appends are remembered while nothing is applied; the oldest tells how far behind the read side is. */
const mostWaiting = 10_000;

/**
 * How long it takes until queries show what this process has appended: from its acknowledgement until the commit of the
 * read models, by one clock. What others append counts with them.
 */
export class ProjectionLag {
  readonly #onShown: (lagMs: number) => void;
  readonly #elapsed: () => number;
  /** Oldest first. */
  #waiting: { readonly position: Position; readonly appendedAt: number }[] = [];
  #applied: Position = '';

  /** @param elapsed milliseconds that only grow, whatever the time of day */
  constructor(onShown: (lagMs: number) => void, elapsed = () => performance.now()) {
    this.#onShown = onShown;
    this.#elapsed = elapsed;
  }

  /** For how long the oldest append that is not shown yet has waited; 0 where there is none. */
  get oldestMs(): number {
    const [oldest] = this.#waiting;
    return oldest ? this.#elapsed() - oldest.appendedAt : 0;
  }

  /** An append to a stream was acknowledged. */
  appended(stream: string, position: Position): void {
    if (!stream.startsWith(jobPrefix) && !stream.startsWith(lanePrefix)) return;
    // Often an event is seen before whoever appended it is told.
    if (position <= this.#applied) this.#onShown(0);
    else if (this.#waiting.length < mostWaiting) {
      this.#waiting.push({ position, appendedAt: this.#elapsed() });
    }
  }

  /** Queries show everything up to this position. */
  applied(position: Position): void {
    this.#applied = position;
    const now = this.#elapsed();
    const isShown = (waiting: { readonly position: Position }) => waiting.position <= position;
    for (const waiting of this.#waiting) if (isShown(waiting)) this.#onShown(now - waiting.appendedAt);
    this.#waiting = this.#waiting.filter((waiting) => !isShown(waiting));
  }
}
