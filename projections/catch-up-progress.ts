/** How far a catch-up has come. */
export interface CatchUpProgress {
  /** Of the log, from 0 to 1. */
  readonly fraction: number;
  /** As far as can be told from how long it took so far; undefined where that tells nothing yet. */
  readonly leftMs: number | undefined;
}

/** Tells from how far it was at some moments when it will have reached the end. */
export class CatchUpEstimate {
  #first: { readonly fraction: number; readonly atMs: number } | undefined;

  /** `nowMs` is of any clock that does not go back. */
  measured(fraction: number, nowMs: number): CatchUpProgress {
    // After a log turned out to be another one, it begins anew.
    if (!this.#first || fraction < this.#first.fraction) this.#first = { fraction, atMs: nowMs };
    const done = fraction - this.#first.fraction;
    const elapsedMs = nowMs - this.#first.atMs;
    return { fraction, leftMs: done > 0 ? (elapsedMs / done) * (1 - fraction) : undefined };
  }
}

/** Such as "42 % of the log, about 3 min left". */
export function describeProgress({ fraction, leftMs }: CatchUpProgress): string {
  // All of it is what has been committed, which is said otherwise.
  const percent = Math.min(99, Math.floor(fraction * 100));
  return `${percent} % of the log${leftMs === undefined ? '' : `, about ${describeDuration(leftMs)} left`}`;
}

function describeDuration(durationMs: number): string {
  const seconds = Math.max(1, Math.ceil(durationMs / 1_000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
