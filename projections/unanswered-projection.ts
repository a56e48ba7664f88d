import type { StepProgress } from '../src/domain/step-outcome.js';
import type { Projection, Write } from './projection.js';

/** The transactions that each job had no answer for, in the order in which they were looked at. */
export const unansweredProjection: Projection = {
  name: 'unanswered',
  version: 1,
  tables: {
    unanswered: `
      job_id TEXT NOT NULL, n INTEGER NOT NULL, unanswered TEXT NOT NULL, PRIMARY KEY (job_id, n)`,
  },
  on: {
    JobQueued: ({ request }, { id, revision }, write) => {
      if (revision > 0) write('DELETE FROM unanswered WHERE job_id = ?', id);
      // What an earlier job had already looked at.
      for (const { carried } of request.plan)
        for (const part of carried?.progress ?? []) add(write, id, part);
    },
    StepAdvanced: ({ progress }, { id }, write) => {
      add(write, id, progress);
    },
    JobExpired: (_event, { id }, write) => {
      write('DELETE FROM unanswered WHERE job_id = ?', id);
    },
  },
};

function add(write: Write, jobId: string, { unansweredTransactions = [] }: StepProgress): void {
  for (const transaction of unansweredTransactions) {
    write(
      `INSERT INTO unanswered (job_id, n, unanswered)
       SELECT ?, coalesce(max(n), 0) + 1, ? FROM unanswered WHERE job_id = ?`,
      jobId,
      JSON.stringify(transaction),
      jobId,
    );
  }
}
