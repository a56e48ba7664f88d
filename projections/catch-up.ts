import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../src/eventstore/event-store-errors.js';
import { CatchUpEstimate, type CatchUpProgress } from './catch-up-progress.js';
import type { Projector } from './projector.js';

export interface CatchUpOptions {
  readonly store: Pick<EventStore, 'progressAt' | 'isPosition' | 'trouble'>;
  readonly projector: Projector;
  /** How often it is measured. */
  readonly intervalMs: number;
  readonly onProgress?: (progress: CatchUpProgress) => void;
  /** What becomes of it where the store cannot be reached: it waits, or it fails. */
  readonly withoutStore: 'WAIT' | 'FAIL';
}

/** Lets a projector catch up, and measures now and then how far it is. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #progress: CatchUpProgress | undefined;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** As it was last measured; undefined before, and when it has ended. */
  get progress(): CatchUpProgress | undefined {
    return this.#progress;
  }

  /** Resolves when all that was in the log at the start is applied; rejects where that fails. */
  async run(): Promise<void> {
    const ended = new AbortController();
    const measuring = this.#measure(ended.signal);
    try {
      await Promise.race([this.#options.projector.start(), measuring]);
    } finally {
      // What is asked at this moment is not waited for.
      ended.abort();
      this.#progress = undefined;
    }
  }

  /** Never resolves. */
  async #measure(signal: AbortSignal): Promise<never> {
    const { store, projector, intervalMs, onProgress, withoutStore } = this.#options;
    const estimate = new CatchUpEstimate();
    for (;;) {
      const fraction = await fractionAt(store, projector.position);
      signal.throwIfAborted();
      if (withoutStore === 'FAIL' && store.trouble !== undefined) {
        throw new EventStoreUnavailableError(store.trouble);
      }
      if (fraction !== undefined) {
        this.#progress = estimate.measured(fraction, performance.now());
        onProgress?.(this.#progress);
      }
      await pause(intervalMs, undefined, { signal });
    }
  }
}

/** Undefined where the store cannot be asked. */
async function fractionAt(store: CatchUpOptions['store'], position: string): Promise<number | undefined> {
  // At the beginning; or of another store, which the projector finds out.
  if (!store.isPosition(position)) return 0;
  try {
    return await store.progressAt(position);
  } catch (error) {
    if (error instanceof EventStoreUnavailableError) return undefined;
    throw error;
  }
}
