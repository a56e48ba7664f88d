import type { Failure } from '../src/domain/failure.js';
import type { StepResult, Suggestion, UnansweredTransaction } from '../src/domain/step-outcome.js';
import type { Position } from '../src/eventstore/event-store.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { SqlValue } from './projection.js';
import type { ReadDatabase } from './read-database.js';

/** Instants are ISO texts in UTC. */
export interface JobView {
  readonly id: string;
  readonly ownerId: string;
  readonly type: string;
  readonly status: string;
  readonly budgetId: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly cancelRequestedAt: string | null;
  readonly failure: Failure | null;
  readonly retryOf: string | null;
  /** Of the last event that this state includes. */
  readonly position: Position;
}

export interface StepView {
  readonly step: number;
  readonly type: string;
  readonly status: string;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly failure: Failure | null;
  readonly result: StepResult | null;
}

export interface TransitionView {
  readonly at: string;
  readonly event: string;
  readonly step: number | null;
  readonly message: string;
}

/** Undefined or empty: no restriction. */
export interface JobRestriction {
  readonly types?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly budgetId?: string | undefined;
}

export interface PageRequest {
  /** How many, at least 1. */
  readonly first: number;
  /** A cursor: begin behind it. */
  readonly after?: string | undefined;
}

/** Some of what belongs to a job, in its order. */
export interface PartsPage<Part> {
  readonly nodes: readonly Part[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

interface JobRow extends Omit<JobView, 'failure'> {
  readonly failure: string | null;
  readonly queuedPosition: Position;
}

const jobColumns = `
  id, owner_id AS ownerId, type, status, budget_id AS budgetId, created_at AS createdAt,
  started_at AS startedAt, completed_at AS completedAt, cancel_requested_at AS cancelRequestedAt, failure,
  retry_of AS retryOf, position, queued_position AS queuedPosition`;

/** Answers queries from the read models. Only an owner's own jobs are found by id. */
export class JobReader {
  readonly #database: ReadDatabase;

  constructor(database: ReadDatabase) {
    this.#database = database;
  }

  job(ownerId: string, id: string): JobView | null {
    const [row] = this.#database.all<JobRow>(
      `SELECT ${jobColumns} FROM jobs WHERE id = ? AND owner_id = ?`,
      id,
      ownerId,
    );
    return row ? viewOf(row) : null;
  }

  /** Whoever owns it: for those alone who look at its `ownerId` themselves. */
  jobOfAnyone(id: string): JobView | null {
    const [row] = this.#database.all<JobRow>(`SELECT ${jobColumns} FROM jobs WHERE id = ?`, id);
    return row ? viewOf(row) : null;
  }

  /** Newest first. @throws InvalidCursorError */
  jobs(
    ownerId: string,
    restriction: JobRestriction,
    { first, after }: PageRequest,
  ): { readonly items: readonly { cursor: string; job: JobView }[]; readonly hasNextPage: boolean } {
    const { sql, params } = conditionOf(ownerId, restriction);
    const before = after === undefined ? undefined : decodeCursor('jobs', after);
    const rows = this.#database.all<JobRow>(
      `SELECT ${jobColumns} FROM jobs WHERE ${sql} ${before === undefined ? '' : 'AND queued_position < ?'}
       ORDER BY queued_position DESC LIMIT ?`,
      ...params,
      ...(before === undefined ? [] : [before]),
      first + 1,
    );
    return {
      items: rows
        .slice(0, first)
        .map((row) => ({ cursor: encodeCursor('jobs', row.queuedPosition), job: viewOf(row) })),
      hasNextPage: rows.length > first,
    };
  }

  countJobs(ownerId: string, restriction: JobRestriction): number {
    const { sql, params } = conditionOf(ownerId, restriction);
    return this.#count(`SELECT count(*) AS n FROM jobs WHERE ${sql}`, ...params);
  }

  /** Ids of the jobs that changed after a position, in the order of their last change. */
  changedSince(ownerId: string, position: Position, types?: readonly string[]): readonly string[] {
    const { sql, params } = conditionOf(ownerId, { types });
    return this.#database
      .all<{ id: string }>(
        `SELECT id FROM jobs WHERE ${sql} AND position > ? ORDER BY position`,
        ...params,
        position,
      )
      .map(({ id }) => id);
  }

  /** Jobs ahead in the queue; null where the job does not wait in one. */
  queuePosition(jobId: string): number | null {
    const [row] = this.#database.all<{ ahead: number }>(
      `SELECT (SELECT count(*) FROM admissions ahead
               WHERE ahead.budget_id = own.budget_id AND ahead.position < own.position) AS ahead
       FROM jobs JOIN admissions own ON own.job_id = jobs.id AND own.budget_id = jobs.budget_id
       WHERE jobs.id = ? AND jobs.status = 'QUEUED'`,
      jobId,
    );
    return row?.ahead ?? null;
  }

  /** In order. */
  steps(jobId: string): readonly StepView[] {
    return this.#database
      .all<Omit<StepView, 'failure' | 'result'> & { failure: string | null; result: string | null }>(
        `SELECT step, type, status, attempt, started_at AS startedAt, completed_at AS completedAt,
           next_attempt_at AS nextAttemptAt, failure, result
         FROM steps WHERE job_id = ? ORDER BY step`,
        jobId,
      )
      .map((row) => ({
        ...row,
        failure: fromJson(row.failure) as Failure | null,
        result: fromJson(row.result) as StepResult | null,
      }));
  }

  /** Oldest first. */
  transitions(jobId: string): readonly TransitionView[] {
    return this.#database.all<TransitionView>(
      'SELECT at, event, step, message FROM transitions WHERE job_id = ? ORDER BY revision',
      jobId,
    );
  }

  /** In the order in which they were given. @throws InvalidCursorError */
  suggestions(jobId: string, request: PageRequest): PartsPage<Suggestion> {
    return this.#parts('suggestions', 'suggestion', jobId, request);
  }

  /** In the order in which they were looked at. @throws InvalidCursorError */
  unanswered(jobId: string, request: PageRequest): PartsPage<UnansweredTransaction> {
    return this.#parts('unanswered', 'unanswered', jobId, request);
  }

  #parts<Part>(
    table: 'suggestions' | 'unanswered',
    column: 'suggestion' | 'unanswered',
    jobId: string,
    { first, after }: PageRequest,
  ): PartsPage<Part> {
    const behind = after === undefined ? 0 : Number(decodeCursor(table, after));
    const rows = this.#database.all<{ n: number; part: string }>(
      `SELECT n, ${column} AS part FROM ${table} WHERE job_id = ? AND n > ? ORDER BY n LIMIT ?`,
      jobId,
      behind,
      first + 1,
    );
    const shown = rows.slice(0, first);
    const last = shown.at(-1);
    return {
      nodes: shown.map(({ part }) => JSON.parse(part) as Part),
      endCursor: last ? encodeCursor(table, String(last.n)) : null,
      hasNextPage: rows.length > first,
      totalCount: this.#count(`SELECT count(*) AS n FROM ${table} WHERE job_id = ?`, jobId),
    };
  }

  #count(sql: string, ...params: readonly SqlValue[]): number {
    return this.#database.all<{ n: number }>(sql, ...params)[0]?.n ?? 0;
  }
}

function conditionOf(
  ownerId: string,
  { types, statuses, budgetId }: JobRestriction,
): { readonly sql: string; readonly params: readonly SqlValue[] } {
  const conditions: readonly (readonly [string, readonly SqlValue[]])[] = [
    ['owner_id = ?', [ownerId]],
    ...oneOf('type', types),
    ...oneOf('status', statuses),
    ...(budgetId === undefined ? [] : [['budget_id = ?', [budgetId]] as const]),
  ];
  return {
    sql: conditions.map(([sql]) => sql).join(' AND '),
    params: conditions.flatMap(([, params]) => params),
  };
}

/** Each value once: every length of the list is a statement of its own, which is kept prepared. */
function oneOf(
  column: string,
  values: readonly string[] = [],
): readonly (readonly [string, readonly SqlValue[]])[] {
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return [];
  return [[`${column} IN (${distinct.map(() => '?').join(', ')})`, distinct]];
}

function viewOf({ queuedPosition: _queuedPosition, failure, ...row }: JobRow): JobView {
  return { ...row, failure: fromJson(failure) as Failure | null };
}

function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
