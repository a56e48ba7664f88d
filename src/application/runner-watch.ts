import type { Claim } from '../domain/decide-job.js';
import type { Position } from '../eventstore/event-store.js';
import { EventStoreUnavailableError } from '../eventstore/event-store-errors.js';
import type { Claimants } from './claimants.js';
import type { Logger } from './logger.js';
import type { LoadedBeat, RunnerStreams } from './runner-streams.js';

export interface RunnerWatchOptions {
  readonly runnerId: string;
  readonly bootId: string;
  /** Whether another process may go by the same id: one that works in a folder of which this one's is a copy. */
  readonly mayBeCopy: boolean;
  readonly streams: Pick<RunnerStreams, 'lastBeat'>;
  /** A runner that is silent for so long is gone. */
  readonly goneAfterMs: number;
  /** Whoever holds a claim says so at least that often. */
  readonly heartbeatIntervalMs: number;
  /** Called when it turns out that whoever holds a claim of this job is gone. */
  readonly onGone: (jobId: string) => void;
  /** Milliseconds that only grow, whatever the time of day. */
  readonly elapsed: () => number;
  readonly log: Logger;
}

/** A claim that this process does not hold. */
interface WatchedClaim {
  readonly jobId: string;
  readonly runnerId: string;
  /** Whoever holds it is gone when nothing was heard for so long. */
  readonly patienceMs: number;
  /** How long nothing was heard of its runner while this process listened. */
  silentMs: number;
  askedAt: number;
}

/** The last beat of a runner: text that changes with each. */
interface HeardRunner {
  beat: string;
  at: number;
}

/** How often a runner is listened to within the time after which it is gone, or once for each heartbeat. */
const looksWithinSilence = 20;

/**
 * Under the own id there was somebody before this process, who is gone: this folder is locked. Where it may be a copy,
 * whoever works in the other one could still live, and would be heard within this many heartbeats.
 */
const beatsOfATwin = 2;

/** A claim that nobody asks for any longer has ended; sweeps ask far more often (multiples of `goneAfterMs`). */
const forgottenAfter = 3;

/**
 * Finds out which runners are gone by what this process sees within its own time: no clock of another machine
 * counts, nor does time in which it could not listen, because the store was away or it was itself held up.
 */
export class RunnerWatch implements Claimants {
  readonly #options: RunnerWatchOptions;
  readonly #claims = new Map<string, WatchedClaim>();
  readonly #runners = new Map<string, HeardRunner>();
  readonly #lookMs: number;
  #bootedAt: Position | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: RunnerWatchOptions) {
    this.#options = options;
    const { goneAfterMs, heartbeatIntervalMs } = options;
    this.#lookMs = Math.min(Math.ceil(goneAfterMs / looksWithinSilence), heartbeatIntervalMs);
  }

  /** @param bootedAt of the first beat of this process */
  start(bootedAt: Position): void {
    this.#bootedAt = bootedAt;
    this.#timer = setInterval(() => {
      this.#looking ??= this.look().finally(() => {
        this.#looking = undefined;
      });
    }, this.#lookMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  isGone(jobId: string, claim: Claim, claimedAt: Position): boolean {
    const { runnerId, mayBeCopy, elapsed, goneAfterMs, heartbeatIntervalMs } = this.#options;
    const isFormerLifes =
      claim.runnerId === runnerId && this.#bootedAt !== undefined && claimedAt < this.#bootedAt;
    if (isFormerLifes && !mayBeCopy) return true;
    const patienceMs = isFormerLifes
      ? Math.min(beatsOfATwin * heartbeatIntervalMs, goneAfterMs)
      : goneAfterMs;
    const key = `${jobId} ${claim.step} ${claim.attempt} ${claim.runnerId}`;
    const watched = this.#claims.get(key) ?? {
      ...{ jobId, runnerId: claim.runnerId, patienceMs, silentMs: 0, askedAt: 0 },
    };
    watched.askedAt = elapsed();
    this.#claims.set(key, watched);
    return watched.silentMs >= watched.patienceMs;
  }

  /** Listens to every runner that holds a claim, once. */
  async look(): Promise<void> {
    this.#forget();
    const runnerIds = new Set([...this.#claims.values()].map(({ runnerId }) => runnerId));
    await Promise.all([...runnerIds].map((runnerId) => this.#listenTo(runnerId)));
  }

  async #listenTo(runnerId: string): Promise<void> {
    const { streams, elapsed, log } = this.#options;
    try {
      const beat = this.#told(await streams.lastBeat(runnerId));
      const at = elapsed();
      const before = this.#runners.get(runnerId) ?? { beat, at };
      this.#runners.set(runnerId, { beat, at });
      // What is longer was not spent listening.
      const listenedMs = Math.min(at - before.at, 2 * this.#lookMs);
      this.#count(runnerId, beat === before.beat ? listenedMs : null);
    } catch (error) {
      if (error instanceof EventStoreUnavailableError) return;
      log.error({ err: error, runnerId }, 'A runner could not be listened to');
    }
  }

  /** @param silentMs null: it was heard */
  #count(runnerId: string, silentMs: number | null): void {
    const { onGone, log } = this.#options;
    for (const claim of this.#claims.values()) {
      if (claim.runnerId !== runnerId) continue;
      const before = claim.silentMs;
      claim.silentMs = silentMs === null ? 0 : before + silentMs;
      if (before >= claim.patienceMs || claim.silentMs < claim.patienceMs) continue;
      // Its claim may have ended long since.
      log.debug({ runnerId, jobId: claim.jobId }, 'Nothing was heard of a runner; its job is looked at');
      onGone(claim.jobId);
    }
  }

  /** Of whoever else goes by this runner's own id, what this process says itself tells nothing. */
  #told(last: LoadedBeat | null): string {
    if (!last) return 'none';
    return last.beat.bootId === this.#options.bootId ? 'own' : String(last.revision);
  }

  #forget(): void {
    const { elapsed, goneAfterMs } = this.#options;
    const before = elapsed() - forgottenAfter * goneAfterMs;
    for (const [key, { askedAt }] of this.#claims) if (askedAt < before) this.#claims.delete(key);
    for (const runnerId of this.#runners.keys()) {
      const isWatched = [...this.#claims.values()].some((claim) => claim.runnerId === runnerId);
      if (!isWatched) this.#runners.delete(runnerId);
    }
  }
}
