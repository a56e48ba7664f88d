import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { claimOf, type JobCommand } from '../domain/decide-job.js';
import { hasEnded, isActive, type Job } from '../domain/job.js';
import { headOf } from '../domain/lane.js';
import { wakeAt } from '../domain/saga.js';
import type { Clock } from './clock.js';
import { cutLane } from './cut-lane.js';
import type { Handled, JobCommandHandler, JobCommandOptions } from './job-command-handler.js';
import type { JobDirectory } from './job-directory.js';
import type { JobStreams } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import type { Logger } from './logger.js';
import type { Runner } from './runner.js';

export interface SagaHostOptions {
  readonly handler: JobCommandHandler;
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly runner: Runner;
  readonly directory: Pick<JobDirectory, 'occupiedLanes' | 'caughtUpTo'>;
  /** How often every job that is in a lane is looked at, whether or not something happened. */
  readonly sweepIntervalMs: number;
  /**
   * How long nothing may happen to a job until it is looked at here although another process started it or runs it;
   * 0 where there is no other process.
   */
  readonly takeoverGraceMs: number;
  readonly now: Clock;
  readonly log: Logger;
}

/** What the log tells: jobs and lanes, and the last revision in the stream of each. */
export interface Happened {
  readonly jobs: readonly { readonly id: string; readonly revision: number }[];
  readonly lanes: readonly { readonly id: string; readonly revision: number }[];
}

/** So many settled events a lane may have before it is cut: each look at it reads them. */
const longTail = 200;

/**
 * Sees to it that the saga is asked about a job whenever its answer may have changed: after each of its
 * events, when its turn in the lane comes, when a pause is over, when a slot comes free, after a start, and
 * now and then anyway, so that no job can get stuck because something was missed.
 */
export class SagaHost {
  readonly #options: SagaHostOptions;
  readonly #stopping = new AbortController();
  /** Looks that are under way; true: look again afterwards. */
  readonly #looking = new Map<string, { again: boolean; done: Promise<void> }>();
  readonly #wakeUps = new Map<string, NodeJS.Timeout>();
  /** Looks at what others are expected to act on, unless something happens before. */
  readonly #graces = new Map<string, NodeJS.Timeout>();
  /** Jobs that were started here and have not ended. */
  readonly #adopted = new Set<string>();
  /** Jobs that wait for a free slot, in the order in which they were found. */
  readonly #starved = new Set<string>();
  /** Does something as if nobody's request had set it off: whoever asked does not wait for it. */
  readonly #onItsOwn = AsyncLocalStorage.snapshot();
  #sweeping: NodeJS.Timeout | undefined;

  constructor(options: SagaHostOptions) {
    this.#options = options;
    // Every look and every step listens to it while it waits for the store.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Whether every job that was in a lane at the start is being looked at. */
  get isStarted(): boolean {
    return this.#sweeping !== undefined && !this.#stopping.signal.aborted;
  }

  /** How many jobs could go on here, had there been a free slot when they were looked at. */
  get waitingForSlot(): number {
    return this.#starved.size;
  }

  /** Looks at every job that is still in a lane; call it when the read side has caught up. */
  start(): void {
    this.#sweep();
    this.#sweeping = setInterval(() => {
      this.#sweep();
    }, this.#options.sweepIntervalMs);
  }

  /** Ends running steps without a report and forgets what was scheduled: the next start goes on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#sweeping);
    for (const timers of [this.#wakeUps, this.#graces]) {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    }
    await this.#options.runner.stop();
    await Promise.all([...this.#looking.values()].map(({ done }) => done));
  }

  /** Puts a command before a job and does what follows from it. */
  async command(jobId: string, options: Omit<JobCommandOptions, 'claimSignal'>): Promise<Handled> {
    const claimSignal = this.#stopping.signal;
    const handled = await this.#options.handler.handle(jobId, { ...options, claimSignal });
    this.#follow(jobId, handled);
    return handled;
  }

  /** A job was started here: this process acts on it without waiting for others. */
  adopt(jobId: string): void {
    this.#adopted.add(jobId);
  }

  /** Asks the saga about a job, soon; any number of calls meanwhile count as one. */
  lookAt(jobId: string, options: Pick<JobCommandOptions, 'laneId' | 'knowledge'> = {}): void {
    this.#look([jobId, options.laneId, options.knowledge].join(' '), { jobId }, async () => {
      await this.command(jobId, { signal: this.#stopping.signal, ...options });
    });
  }

  /** The log tells that something happened, here or elsewhere: asks the saga about all of it, in turn. */
  happened({ jobs, lanes }: Happened): void {
    for (const { id, revision } of lanes) {
      this.#options.lanes.noticed(id, revision);
      this.lookAtLane(id);
    }
    for (const { id, revision } of jobs) {
      this.#options.jobs.noticed(id, revision);
      this.#lookInTurn(id);
    }
  }

  /**
   * Asks the saga about a job, soon where this process started or runs it, otherwise when nothing more has happened
   * for a grace, so that not all servers do the same at once.
   */
  #lookInTurn(jobId: string, options: Pick<JobCommandOptions, 'laneId'> = {}): void {
    const graceMs = this.#graceFor(jobId);
    if (graceMs === 0) {
      this.lookAt(jobId, options);
      return;
    }
    if (this.#stopping.signal.aborted) return;
    clearTimeout(this.#graces.get(jobId));
    const look = () => {
      this.#graces.delete(jobId);
      this.lookAt(jobId, options);
    };
    this.#graces.set(jobId, setTimeout(look, graceMs));
  }

  /** Asks the saga about the job at the head of a lane, in turn. */
  lookAtLane(laneId: string): void {
    this.#look(laneId, { laneId }, async () => {
      const { lanes, directory } = this.#options;
      const { signal } = this.#stopping;
      const loaded = await lanes.recall(laneId, signal);
      const head = headOf(loaded.lane);
      if (head) this.#lookInTurn(head.jobId, { laneId });
      await cutLane(laneId, loaded, { lanes, directory, longest: longTail, signal });
    });
  }

  #look(key: string, about: object, look: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    const underWay = this.#looking.get(key);
    if (underWay) {
      underWay.again = true;
      return;
    }
    const entry = { again: false, done: Promise.resolve() };
    entry.done = this.#onItsOwn(look)
      .catch((error: unknown) => {
        // The next sweep looks again.
        if (!this.#stopping.signal.aborted)
          this.#options.log.error({ err: error, ...about }, 'A look failed');
      })
      .finally(() => {
        this.#looking.delete(key);
        if (entry.again) this.#look(key, about, look);
      });
    this.#looking.set(key, entry);
  }

  #follow(jobId: string, { job, position, claimed, gone, releasedFrom, isStarved }: Handled): void {
    const { runner, log } = this.#options;
    if (gone)
      log.warn(
        { jobId, step: gone.step, owner: ownerOf(job), claim: gone },
        'The runner of a step is gone; the step was interrupted',
      );
    if (hasEnded(job)) this.#adopted.delete(jobId);
    this.#scheduleWakeUp(jobId, job);
    if (claimed) {
      const { reservation, job: claimedJob, position: claimedAt, origin } = claimed;
      const report = (command: JobCommand) => this.#report(jobId, command);
      void this.#onItsOwn(() =>
        runner.run({ reservation, job: claimedJob, claimedAt, origin, report }),
      ).finally(() => {
        this.#feed();
      });
    }
    if (position !== null) runner.stopLost(jobId, claimOf(job), position);
    if (isActive(job) && job.cancelRequested) runner.cancel(jobId);
    if (releasedFrom !== null) this.lookAtLane(releasedFrom);
    // Whoever no longer waits for a slot is found out when one is offered.
    if (isStarved) this.#starved.add(jobId);
    this.#feed();
  }

  async #report(jobId: string, command: JobCommand): Promise<boolean> {
    const { applied } = await this.command(jobId, { command, signal: this.#stopping.signal });
    return applied;
  }

  /** Gives a free slot to the job that has waited longest for one. */
  #feed(): void {
    const [jobId] = this.#starved;
    if (jobId === undefined || !this.#options.runner.hasFreeSlot) return;
    this.#starved.delete(jobId);
    this.lookAt(jobId);
  }

  /**
   * Only a job that has ended needs no wake-up: what is told here may be older than what was told before, and
   * a look too many is harmless.
   */
  #scheduleWakeUp(jobId: string, job: Job): void {
    const at = wakeAt(job);
    if (at === null && !hasEnded(job)) return;
    clearTimeout(this.#wakeUps.get(jobId));
    this.#wakeUps.delete(jobId);
    if (at === null || this.#stopping.signal.aborted) return;
    const waitMs = Math.max(0, Date.parse(at) - Date.parse(this.#options.now())) + this.#graceFor(jobId);
    const wakeUp = setTimeout(() => {
      this.#wakeUps.delete(jobId);
      this.lookAt(jobId);
    }, waitMs);
    this.#wakeUps.set(jobId, wakeUp);
  }

  #sweep(): void {
    for (const { budgetId, jobIds } of this.#options.directory.occupiedLanes()) {
      for (const jobId of jobIds) {
        // Whatever is remembered wrongly is put right now and then.
        if (!this.#graces.has(jobId)) this.lookAt(jobId, { laneId: budgetId, knowledge: 'DOUBTED' });
      }
    }
  }

  #graceFor(jobId: string): number {
    const isOwn = this.#adopted.has(jobId) || this.#options.runner.isAtWorkOn(jobId);
    return isOwn ? 0 : this.#options.takeoverGraceMs;
  }
}

function ownerOf(job: Job): string | undefined {
  return job.status === 'NONE' ? undefined : job.request.ownerId;
}
