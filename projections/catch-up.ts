import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, Position } from '../src/eventstore/event-store.js';
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
  #fractions: ReadonlyMap<string, number> = new Map();

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** As it was last measured; undefined before, and when it has ended. */
  get progress(): CatchUpProgress | undefined {
    return this.#progress;
  }

  /** How much of the log each projection has applied, by name, from 0 to 1; empty where `progress` is undefined. */
  get fractions(): ReadonlyMap<string, number> {
    return this.#fractions;
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
      this.#fractions = new Map();
    }
  }

  /** Never resolves. */
  async #measure(signal: AbortSignal): Promise<never> {
    const { store, projector, intervalMs, onProgress, withoutStore } = this.#options;
    const estimate = new CatchUpEstimate();
    for (;;) {
      const fractions = await fractionsAt(store, projector.checkpoints);
      signal.throwIfAborted();
      if (withoutStore === 'FAIL' && store.trouble !== undefined) {
        throw new EventStoreUnavailableError(store.trouble);
      }
      if (fractions) {
        this.#fractions = fractions;
        this.#progress = estimate.measured(Math.min(...fractions.values()), performance.now());
        onProgress?.(this.#progress);
      }
      await pause(intervalMs, undefined, { signal });
    }
  }
}

/** Undefined where the store cannot be asked. Most are at the same position, which is asked about once. */
async function fractionsAt(
  store: CatchUpOptions['store'],
  checkpoints: ReadonlyMap<string, Position>,
): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    const asked = new Map(
      [...new Set(checkpoints.values())].map((position) => [position, fractionAt(store, position)]),
    );
    const known = new Map<string, number>();
    await Promise.all(asked.values());
    for (const [name, position] of checkpoints) known.set(name, (await asked.get(position)) ?? 0);
    return known;
  } catch (error) {
    if (error instanceof EventStoreUnavailableError) return undefined;
    throw error;
  }
}

async function fractionAt(store: CatchUpOptions['store'], position: Position): Promise<number> {
  // At the beginning; or of another store, which the projector finds out.
  return store.isPosition(position) ? store.progressAt(position) : 0;
}
