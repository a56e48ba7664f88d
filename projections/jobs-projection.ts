import type { Failure } from '../src/domain/failure.js';
import type { Projection, Write } from './projection.js';

/** The present state of each job and of its steps. */
export const jobsProjection: Projection = {
  name: 'jobs',
  version: 1,
  tables: {
    jobs: `
      id TEXT PRIMARY KEY, owner_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
      budget_id TEXT NOT NULL, created_at TEXT NOT NULL, started_at TEXT, completed_at TEXT,
      cancel_requested_at TEXT, failure TEXT, retry_of TEXT,
      queued_position TEXT NOT NULL, position TEXT NOT NULL`,
    steps: `
      job_id TEXT NOT NULL, step INTEGER NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
      attempt INTEGER NOT NULL, started_at TEXT, completed_at TEXT, next_attempt_at TEXT,
      failure TEXT, result TEXT, PRIMARY KEY (job_id, step)`,
  },
  indexes: {
    jobs_newest_first: 'jobs (owner_id, queued_position DESC)',
    jobs_newest_first_by_type: 'jobs (owner_id, type, queued_position DESC)',
    jobs_last_changed: 'jobs (owner_id, position)',
    jobs_active: 'jobs (owner_id) WHERE completed_at IS NULL',
    jobs_ended: 'jobs (completed_at) WHERE completed_at IS NOT NULL',
  },
  on: {
    JobQueued: ({ at, request }, { id, revision, position }, write) => {
      // An id can begin anew when its stream was deleted.
      if (revision > 0) write('DELETE FROM steps WHERE job_id = ?', id);
      write(
        `INSERT OR REPLACE INTO jobs (id, owner_id, type, status, budget_id, created_at, retry_of, queued_position, position)
         VALUES (?, ?, ?, 'QUEUED', ?, ?, ?, ?, ?)`,
        id,
        request.ownerId,
        request.type,
        request.budgetId,
        at,
        request.retryOf ?? null,
        position,
        position,
      );
      for (const { step, type, carried } of request.plan) {
        const result = carried?.result ? JSON.stringify(carried.result) : null;
        write(
          'INSERT INTO steps (job_id, step, type, status, attempt, completed_at, result) VALUES (?, ?, ?, ?, 0, ?, ?)',
          id,
          step,
          type,
          result === null ? 'QUEUED' : 'SUCCEEDED',
          result === null ? null : at,
          result,
        );
      }
    },
    JobStarted: ({ at }, { id, position }, write) => {
      write(
        "UPDATE jobs SET status = 'RUNNING', started_at = ?, position = ? WHERE id = ?",
        at,
        position,
        id,
      );
    },
    StepStarted: ({ at, step, attempt }, { id, position }, write) => {
      write(
        `UPDATE steps SET status = 'RUNNING', attempt = ?, started_at = coalesce(started_at, ?),
           next_attempt_at = NULL WHERE job_id = ? AND step = ?`,
        attempt,
        at,
        id,
        step,
      );
      changed(write, id, position);
    },
    StepAdvanced: (_event, { id, position }, write) => {
      changed(write, id, position);
    },
    StepSucceeded: ({ at, step, result }, { id, position }, write) => {
      write(
        "UPDATE steps SET status = 'SUCCEEDED', completed_at = ?, failure = NULL, result = ? WHERE job_id = ? AND step = ?",
        at,
        JSON.stringify(result),
        id,
        step,
      );
      changed(write, id, position);
    },
    StepAttemptFailed: ({ step, failure, retryAt }, { id, position }, write) => {
      write(
        'UPDATE steps SET next_attempt_at = ?, failure = ? WHERE job_id = ? AND step = ?',
        retryAt,
        JSON.stringify(failure),
        id,
        step,
      );
      changed(write, id, position);
    },
    StepFailed: ({ at, step, failure }, { id, position }, write) => {
      endStep(write, id, step, 'FAILED', at, failure);
      changed(write, id, position);
    },
    StepInterrupted: (_event, { id, position }, write) => {
      changed(write, id, position);
    },
    StepSkipped: ({ at, step, because }, { id, position }, write) => {
      endStep(write, id, step, 'SKIPPED', at, because);
      changed(write, id, position);
    },
    CancelRequested: ({ at }, { id, position }, write) => {
      write('UPDATE jobs SET cancel_requested_at = ?, position = ? WHERE id = ?', at, position, id);
    },
    JobSucceeded: ({ at }, { id, position }, write) => {
      endJob(write, id, position, 'SUCCEEDED', at, null);
    },
    JobFailed: ({ at, failure }, { id, position }, write) => {
      endJob(write, id, position, 'FAILED', at, failure);
    },
    JobCanceled: ({ at }, { id, position }, write) => {
      write(
        `UPDATE steps SET status = 'CANCELED', completed_at = ?, next_attempt_at = NULL
         WHERE job_id = ? AND status IN ('QUEUED', 'RUNNING')`,
        at,
        id,
      );
      endJob(write, id, position, 'CANCELED', at, null);
    },
    JobExpired: (_event, { id }, write) => {
      write('DELETE FROM steps WHERE job_id = ?', id);
      write('DELETE FROM jobs WHERE id = ?', id);
    },
  },
};

function changed(write: Write, id: string, position: string): void {
  write('UPDATE jobs SET position = ? WHERE id = ?', position, id);
}

function endStep(
  write: Write,
  id: string,
  step: number,
  status: 'FAILED' | 'SKIPPED',
  at: string,
  failure: Failure,
): void {
  write(
    `UPDATE steps SET status = ?, completed_at = ?, next_attempt_at = NULL, failure = ?
     WHERE job_id = ? AND step = ?`,
    status,
    at,
    JSON.stringify(failure),
    id,
    step,
  );
}

function endJob(
  write: Write,
  id: string,
  position: string,
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELED',
  at: string,
  failure: Failure | null,
): void {
  write(
    'UPDATE jobs SET status = ?, completed_at = ?, failure = ?, position = ? WHERE id = ?',
    status,
    at,
    failure && JSON.stringify(failure),
    position,
    id,
  );
}
