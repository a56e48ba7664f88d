import { runnerBeatSchema, type RunnerBeat } from '../domain/runner-events.js';
import { runnerStream } from '../domain/streams.js';
import type { EventStore, Position } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { parseEvent } from '../eventstore/malformed-event-error.js';
import { appendDurably } from './durable-append.js';
import { untilAvailable } from '../eventstore/until-available.js';

export interface LoadedBeat {
  readonly beat: RunnerBeat;
  readonly revision: number;
}

/** The runners' streams: the last beat of each. */
export class RunnerStreams {
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Once, whatever comes of it. @throws EventStoreUnavailableError, MalformedEventError */
  async lastBeat(runnerId: string): Promise<LoadedBeat | null> {
    const [last] = await this.#store.read(runnerStream(runnerId), { direction: 'backwards', limit: 1 });
    return last ? { beat: parseEvent(runnerBeatSchema, last), revision: last.revision } : null;
  }

  /**
   * @returns null where another beat came first
   * @throws EventStoreUnavailableError when `signal` was aborted
   */
  async beat(
    runnerId: string,
    after: LoadedBeat | null,
    beat: RunnerBeat,
    signal: AbortSignal,
  ): Promise<{ readonly revision: number; readonly position: Position } | null> {
    const expectedRevision = after?.revision ?? 'no-stream';
    try {
      return await appendDurably(this.#store, runnerStream(runnerId), [beat], { expectedRevision, signal });
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return null;
      throw error;
    }
  }

  /** @throws EventStoreUnavailableError when `signal` was aborted */
  async keepLastBeatOnly(runnerId: string, signal: AbortSignal): Promise<void> {
    await untilAvailable(() => this.#store.setMetadata(runnerStream(runnerId), { maxCount: 1 }), signal);
  }
}
