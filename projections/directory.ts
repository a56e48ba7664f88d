import { jobStream } from '../src/domain/streams.js';
import type { Position } from '../src/eventstore/event-store.js';
import type { Projector } from './projector.js';
import type { ReadDatabase } from './read-database.js';
import { ReadSideBehindError } from './read-side-behind-error.js';

/** What the read models tell those who act on jobs: where to look. */
export class Directory {
  readonly #database: ReadDatabase;
  readonly #projector: Projector;

  constructor(database: ReadDatabase, projector: Projector) {
    this.#database = database;
    this.#projector = projector;
  }

  /** Resolves once queries show everything up to this position; rejects where the read side has stopped. */
  caughtUpTo(position: Position, signal?: AbortSignal): Promise<void> {
    return this.#projector.caughtUpTo(position, signal);
  }

  /**
   * Whether this is a position of this log. One that queries do not show yet is waited for until `signal` is
   * aborted; what does not come while the read side is up to date is of another log.
   *
   * @throws ReadSideBehindError where that can't be told yet
   */
  async knows(position: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#projector.isPosition(position)) return false;
    try {
      await this.caughtUpTo(position, signal);
      return true;
    } catch (error) {
      if (this.#projector.state.status === 'LIVE') return false;
      throw new ReadSideBehindError('go on from this position', { cause: error });
    }
  }

  /** Lanes that hold a job, each with its jobs in order. */
  occupiedLanes(): readonly { readonly budgetId: string; readonly jobIds: readonly string[] }[] {
    const admissions = this.#database.all<{ budgetId: string; jobId: string }>(
      'SELECT budget_id AS budgetId, job_id AS jobId FROM admissions ORDER BY budget_id, position',
    );
    const lanes = new Map<string, string[]>();
    for (const { budgetId, jobId } of admissions) {
      const lane = lanes.get(budgetId);
      if (lane) lane.push(jobId);
      else lanes.set(budgetId, [jobId]);
    }
    return [...lanes].map(([budgetId, jobIds]) => ({ budgetId, jobIds }));
  }

  /**
   * How many jobs of this owner have not ended.
   *
   * @throws ReadSideBehindError while not all ends that are in the log have been read
   */
  countActive(ownerId: string): number {
    if (this.#projector.state.status !== 'LIVE') {
      throw new ReadSideBehindError('count your active jobs, and has started nothing');
    }
    const [row] = this.#database.all<{ n: number }>(
      'SELECT count(*) AS n FROM jobs WHERE owner_id = ? AND completed_at IS NULL',
      ownerId,
    );
    return row?.n ?? 0;
  }

  /** Whether this is a job of somebody else, as far as was read. */
  isOfAnother(ownerId: string, jobId: string): boolean {
    const [row] = this.#database.all<{ ownerId: string }>(
      'SELECT owner_id AS ownerId FROM jobs WHERE id = ?',
      jobId,
    );
    return row !== undefined && row.ownerId !== ownerId;
  }

  /** Jobs that ended before this ISO instant and have left their lane, oldest first. */
  endedBefore(instant: string, limit: number): readonly string[] {
    return this.#ids(
      `SELECT id FROM jobs WHERE completed_at IS NOT NULL AND completed_at < ?
         AND NOT EXISTS (SELECT 1 FROM admissions WHERE job_id = jobs.id)
       ORDER BY completed_at LIMIT ?`,
      instant,
      limit,
    );
  }

  /** Jobs whose `JobExpired` was seen and whose stream may still be there. */
  expired(limit: number): readonly string[] {
    return this.#ids('SELECT job_id AS id FROM expired LIMIT ?', limit);
  }

  /** Ids of keys that stand for this job. */
  referencesTo(jobId: string): readonly string[] {
    return this.#ids('SELECT id FROM job_references WHERE target = ?', jobId);
  }

  /** The stream of this job is gone: nothing of it is shown or listed any longer. */
  forget(jobId: string): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM expired WHERE job_id = ?', jobId);
      for (const id of [jobId, ...this.referencesTo(jobId)]) {
        this.#database.run('DELETE FROM landmarks WHERE stream = ?', jobStream(id));
      }
      this.#database.run('DELETE FROM job_references WHERE target = ?', jobId);
      // One that is active has begun anew under the same id.
      const ended = this.#database.run('DELETE FROM jobs WHERE id = ? AND completed_at IS NOT NULL', jobId);
      if (ended === 0) return;
      for (const table of ['steps', 'transitions', 'suggestions', 'unanswered']) {
        this.#database.run(`DELETE FROM ${table} WHERE job_id = ?`, jobId);
      }
    });
  }

  #ids(sql: string, ...params: readonly (string | number)[]): readonly string[] {
    return this.#database.all<{ id: string }>(sql, ...params).map(({ id }) => id);
  }
}
