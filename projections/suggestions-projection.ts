import type { StepProgress } from '../src/domain/step-outcome.js';
import type { Projection, Write } from './projection.js';

/** The suggestions of each job, in the order in which they were given. */
export const suggestionsProjection: Projection = {
  name: 'suggestions',
  version: 1,
  tables: {
    suggestions: `
      job_id TEXT NOT NULL, n INTEGER NOT NULL, suggestion TEXT NOT NULL, PRIMARY KEY (job_id, n)`,
  },
  on: {
    JobQueued: ({ request }, { id, revision }, write) => {
      if (revision > 0) write('DELETE FROM suggestions WHERE job_id = ?', id);
      // What an earlier job had already found out.
      for (const { carried } of request.plan)
        for (const part of carried?.progress ?? []) add(write, id, part);
    },
    StepAdvanced: ({ progress }, { id }, write) => {
      add(write, id, progress);
    },
    JobExpired: (_event, { id }, write) => {
      write('DELETE FROM suggestions WHERE job_id = ?', id);
    },
  },
};

function add(write: Write, jobId: string, { suggestions }: StepProgress): void {
  for (const suggestion of suggestions) {
    write(
      `INSERT INTO suggestions (job_id, n, suggestion)
       SELECT ?, coalesce(max(n), 0) + 1, ? FROM suggestions WHERE job_id = ?`,
      jobId,
      JSON.stringify(suggestion),
      jobId,
    );
  }
}
