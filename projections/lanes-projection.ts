import type { Projection } from './projection.js';

/** Which jobs are in which lane, in their order; and which expired, until their streams are deleted. */
export const lanesProjection: Projection = {
  name: 'lanes',
  version: 1,
  tables: {
    admissions: `
      budget_id TEXT NOT NULL, job_id TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY (budget_id, job_id)`,
    expired: 'job_id TEXT PRIMARY KEY',
  },
  indexes: {
    admissions_in_order: 'admissions (budget_id, position)',
    admissions_by_job: 'admissions (job_id)',
  },
  on: {
    JobAdmitted: ({ jobId }, { id, position }, write) => {
      write(
        'INSERT INTO admissions (budget_id, job_id, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        id,
        jobId,
        position,
      );
    },
    JobReleased: ({ jobId }, { id }, write) => {
      write('DELETE FROM admissions WHERE budget_id = ? AND job_id = ?', id, jobId);
    },
    JobQueued: (_event, { id, revision }, write) => {
      if (revision > 0) write('DELETE FROM expired WHERE job_id = ?', id);
    },
    JobExpired: (_event, { id }, write) => {
      write('INSERT INTO expired (job_id) VALUES (?) ON CONFLICT DO NOTHING', id);
    },
  },
};
