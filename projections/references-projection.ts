import type { Projection } from './projection.js';

/** Which ids of keys stand for which jobs: they are removed together with those. */
export const referencesProjection: Projection = {
  name: 'references',
  version: 1,
  tables: { job_references: 'id TEXT PRIMARY KEY, target TEXT NOT NULL' },
  indexes: { job_references_by_target: 'job_references (target)' },
  on: {
    StartReferred: ({ to }, { id }, write) => {
      write('INSERT OR REPLACE INTO job_references (id, target) VALUES (?, ?)', id, to);
    },
    JobQueued: (_event, { id, revision }, write) => {
      if (revision > 0) write('DELETE FROM job_references WHERE id = ?', id);
    },
  },
};
