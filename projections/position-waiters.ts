import type { Position } from '../src/eventstore/event-store.js';

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Those who wait until queries show everything up to a position. */
export class PositionWaiters {
  #waiters: readonly Waiter[] = [];

  /** Resolves when that is reached; rejects with the signal's reason, or as all do. */
  add(position: Position, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter);
        reject(signal?.reason as Error);
      };
      const forgetSignal = () => signal?.removeEventListener('abort', giveUp);
      const waiter = {
        position,
        resolve: () => {
          forgetSignal();
          resolve();
        },
        reject: (error: Error) => {
          forgetSignal();
          reject(error);
        },
      };
      signal?.addEventListener('abort', giveUp);
      this.#waiters = [...this.#waiters, waiter];
      if (signal?.aborted) giveUp();
    });
  }

  resolveUpTo(position: Position): void {
    const due = this.#waiters.filter((waiter) => waiter.position <= position);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.position > position);
    for (const waiter of due) waiter.resolve();
  }

  rejectAll(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}
