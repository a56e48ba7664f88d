import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { decide } from '../domain/decide-job.js';
import { admissionOf } from '../domain/lane.js';
import type { Clock } from './clock.js';
import { cutLane } from './cut-lane.js';
import type { JobDirectory } from './job-directory.js';
import type { JobStreams } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import type { Logger } from './logger.js';

export interface RetentionOptions {
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly directory: Omit<JobDirectory, 'occupiedLanes' | 'countActive' | 'isOfAnother'>;
  /** How long a job is kept after its end. */
  readonly keepMs: number;
  readonly intervalMs: number;
  readonly now: Clock;
  readonly log: Logger;
}

/** Between two pages others get their turn. */
const pageSize = 100;

/**
 * Removes jobs that ended long ago: first `JobExpired` is recorded, upon which the read models drop the job,
 * then its stream is deleted. A crash in between leaves the job on the read side's list of expired ones.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#begin();
    this.#timer = setInterval(() => {
      this.#begin();
    }, this.#options.intervalMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    await this.#pass;
  }

  /** One pass over all that is due now. */
  async run(): Promise<void> {
    const { directory, keepMs, now } = this.#options;
    await this.#deleteExpired();
    const before = new Date(Date.parse(now()) - keepMs).toISOString();
    for (;;) {
      const due = directory.endedBefore(before, pageSize);
      let expired = 0;
      for (const jobId of due) {
        if (this.#stopping.signal.aborted) return;
        expired += (await this.#expire(jobId)) ? 1 : 0;
      }
      await this.#deleteExpired();
      if (expired === 0) return;
    }
  }

  #begin(): void {
    if (this.#pass || this.#stopping.signal.aborted) return;
    this.#pass = this.run()
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'Removing old jobs failed; the next pass tries again');
      })
      .finally(() => {
        this.#pass = undefined;
      });
  }

  async #expire(jobId: string): Promise<boolean> {
    const { jobs, lanes, directory, now } = this.#options;
    const { signal } = this.#stopping;
    const { job, revision } = await jobs.load(jobId, signal);
    if (job.status === 'NONE') {
      directory.forget(jobId);
      return true;
    }
    const events = decide(job, { type: 'ExpireJob', at: now() });
    if (events.length === 0) return false;
    // The head of a lane without its stream would be taken for one that was never queued, and run again.
    const { budgetId } = job.request;
    const loaded = await lanes.load(budgetId, signal);
    if (admissionOf(loaded.lane, jobId)) return false;
    await cutLane(budgetId, loaded, { lanes, directory, longest: 0, signal });
    try {
      const { position } = await jobs.append(jobId, revision, events, signal);
      await directory.caughtUpTo(position);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return false;
      throw error;
    }
  }

  async #deleteExpired(): Promise<void> {
    const { directory } = this.#options;
    for (;;) {
      const expired = directory.expired(pageSize);
      for (const jobId of expired) {
        if (this.#stopping.signal.aborted) return;
        await this.#delete(jobId);
      }
      if (expired.length === 0) return;
    }
  }

  async #delete(jobId: string): Promise<void> {
    const { jobs, directory } = this.#options;
    const { signal } = this.#stopping;
    const { job, revision, position } = await jobs.load(jobId, signal);
    if (position !== null && job.status !== 'EXPIRED') {
      // Its id was used again: it is not on the list any longer as soon as that is seen.
      await directory.caughtUpTo(position);
      return;
    }
    try {
      for (const id of directory.referencesTo(jobId)) await this.#deleteReference(id, jobId);
      if (revision !== 'no-stream') await jobs.delete(jobId, revision, signal);
      directory.forget(jobId);
    } catch (error) {
      // Used again this very moment: the next look finds it so.
      if (!(error instanceof WrongExpectedRevisionError)) throw error;
    }
  }

  /** The key is free again, unless somebody has found it so already. */
  async #deleteReference(id: string, to: string): Promise<void> {
    const { jobs } = this.#options;
    const { signal } = this.#stopping;
    const { job, revision } = await jobs.load(id, signal);
    if (job.status !== 'REFERRED' || job.to !== to || revision === 'no-stream') return;
    await jobs.delete(id, revision, signal);
  }
}
