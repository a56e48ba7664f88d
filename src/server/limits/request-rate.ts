import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
/** Of whoever asked longest ago nothing is known any more: what is kept is bounded. */
const mostKeys = 10_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/** Counts what each one asks for within a minute. */
export class RequestRate {
  readonly #most: number;
  readonly #now: () => number;
  readonly #windows = new LRUCache<string, Window>({ max: mostKeys });

  /** @param now milliseconds that never go back */
  constructor(mostPerMinute: number, now: () => number) {
    this.#most = mostPerMinute;
    this.#now = now;
  }

  /** Counts so many; tells in how many whole seconds to ask again, and 0 where they are allowed. The last may be too many. */
  take(key: string, count = 1): number {
    const now = this.#now();
    const known = this.#windows.get(key);
    const window = known && now < known.endsAt ? known : { count: 0, endsAt: now + windowMs };
    if (window !== known) this.#windows.set(key, window);
    if (window.count < this.#most) {
      window.count += count;
      return 0;
    }
    return Math.ceil((window.endsAt - now) / 1_000);
  }
}
