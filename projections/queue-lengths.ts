import type { ReadDatabase } from './read-database.js';

/** Jobs that have not ended, as the read models have them: of all servers that share the log. */
export interface QueueLengths {
  readonly active: readonly { readonly type: string; readonly status: string; readonly jobs: number }[];
  /** Jobs in the longest lane, the one whose turn it is included. */
  readonly longestLane: number;
  /** When the job that has waited longest was created, as an ISO instant; null where none waits. */
  readonly oldestQueuedAt: string | null;
}

/** Costs as much as there are jobs that have not ended. */
export function queueLengths(database: Pick<ReadDatabase, 'all'>): QueueLengths {
  const active = database.all<{ type: string; status: string; jobs: number; oldest: string }>(
    `SELECT type, status, count(*) AS jobs, min(created_at) AS oldest
     FROM jobs INDEXED BY jobs_active WHERE completed_at IS NULL GROUP BY type, status`,
  );
  const [lane] = database.all<{ jobs: number }>(
    'SELECT count(*) AS jobs FROM admissions GROUP BY budget_id ORDER BY jobs DESC LIMIT 1',
  );
  const oldestOfTypes = active.filter(({ status }) => status === 'QUEUED').map(({ oldest }) => oldest);
  return {
    active: active.map(({ type, status, jobs }) => ({ type, status, jobs })),
    longestLane: lane?.jobs ?? 0,
    oldestQueuedAt: oldestOfTypes.sort()[0] ?? null,
  };
}
