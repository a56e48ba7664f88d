import type { RunnerBeat } from '../domain/runner-events.js';
import type { Position } from '../eventstore/event-store.js';
import { EventStoreUnavailableError } from '../eventstore/event-store-errors.js';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';
import type { RunnerStreams } from './runner-streams.js';
import { untilAvailable } from '../eventstore/until-available.js';

export interface HeartbeatOptions {
  readonly runnerId: string;
  /** Random, of this process. */
  readonly bootId: string;
  readonly streams: RunnerStreams;
  readonly intervalMs: number;
  readonly holdsClaims: () => boolean;
  /** Called once: another process that booted earlier goes by the same runner id, so this one must end. */
  readonly onTwin: (error: CopiedDataDirError) => void;
  readonly now: Clock;
  readonly log: Logger;
}

/** Two live processes go by one runner id; the message says what to do. */
export class CopiedDataDirError extends Error {
  readonly code = 'COPIED_DATA_DIR';

  constructor() {
    super(
      'Another server that runs already has the same file runner-id in its DATA_DIR: one of the two folders is a ' +
        'copy of the other. Remove runner-id and the folder actual from the copy, then start it again.',
    );
    this.name = 'CopiedDataDirError';
  }
}

/**
 * Says that this process lives: once when it boots, then as long as its runner holds a claim. Finds out whether
 * another process says so under the same id: the one that booted later ends, the other one stays.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #stopping = new AbortController();
  #generation = 0;
  /** Of the last beat of this process. */
  #revision = -1;
  #timer: NodeJS.Timeout | undefined;
  #tick: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /**
   * Says that this process has booted, then goes on in the background.
   *
   * @returns the position of its first beat: claims of this runner that lie before it are a former life's
   * @throws EventStoreUnavailableError or the signal's reason, when it was stopped meanwhile
   */
  async start(): Promise<Position> {
    const { runnerId, streams, intervalMs } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      const last = await untilAvailable(() => streams.lastBeat(runnerId), signal);
      this.#generation = (last?.beat.latest ?? 0) + 1;
      const booted = await streams.beat(runnerId, last, this.#beat(this.#generation), signal);
      if (!booted) continue;
      this.#revision = booted.revision;
      await streams.keepLastBeatOnly(runnerId, signal);
      signal.throwIfAborted();
      this.#timer = setInterval(() => this.#next(), intervalMs);
      return booted.position;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    await this.#tick;
  }

  #next(): void {
    this.#tick ??= this.#lookAndBeat()
      .catch((error: unknown) => {
        const isOver = this.#stopping.signal.aborted || error instanceof EventStoreUnavailableError;
        if (!isOver) this.#options.log.error({ err: error }, 'A heartbeat failed; the next one follows');
      })
      .finally(() => {
        this.#tick = undefined;
      });
  }

  async #lookAndBeat(): Promise<void> {
    const { runnerId, bootId, streams, holdsClaims, onTwin } = this.#options;
    const { signal } = this.#stopping;
    const last = await streams.lastBeat(runnerId);
    // A store that was restored from an older copy says who lived before.
    const isOutdated = (last?.revision ?? -1) < this.#revision;
    const isTwins = last !== null && last.beat.bootId !== bootId && !isOutdated;
    if (isTwins && last.beat.generation < this.#generation) {
      clearInterval(this.#timer);
      onTwin(new CopiedDataDirError());
      return;
    }
    // One that booted later learns from this beat that it has to end.
    if (isTwins || isOutdated || holdsClaims()) {
      const latest = Math.max(last?.beat.latest ?? 0, this.#generation);
      const beat = await streams.beat(runnerId, last, this.#beat(latest), signal);
      if (beat) this.#revision = beat.revision;
    }
  }

  #beat(latest: number): RunnerBeat {
    const { bootId, now } = this.#options;
    return { type: 'RunnerBeat', v: 1, at: now(), bootId, generation: this.#generation, latest };
  }
}
