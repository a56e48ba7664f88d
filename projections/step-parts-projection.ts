import type { StepProgress } from '../src/domain/step-outcome.js';
import type { Projection, Write } from './projection.js';

interface PartsOptions {
  /** Of the projection and of its table. */
  readonly name: string;
  /** The column that holds a part, as JSON. */
  readonly column: string;
  readonly version: number;
  readonly partsOf: (progress: StepProgress) => readonly object[];
}

/** One row for each part of what a job's steps have achieved, an earlier job's included, in the order in which it came. */
export function stepPartsProjection({ name, column, version, partsOf }: PartsOptions): Projection {
  const add = (write: Write, jobId: string, progress: StepProgress) => {
    for (const part of partsOf(progress)) {
      write(
        `INSERT INTO ${name} (job_id, n, ${column})
         SELECT ?, coalesce(max(n), 0) + 1, ? FROM ${name} WHERE job_id = ?`,
        jobId,
        JSON.stringify(part),
        jobId,
      );
    }
  };
  const removeAll = (write: Write, jobId: string) => write(`DELETE FROM ${name} WHERE job_id = ?`, jobId);
  return {
    name,
    version,
    tables: {
      [name]: `
      job_id TEXT NOT NULL, n INTEGER NOT NULL, ${column} TEXT NOT NULL, PRIMARY KEY (job_id, n)`,
    },
    on: {
      JobQueued: ({ request }, { id, revision }, write) => {
        if (revision > 0) removeAll(write, id);
        // What an earlier job had already found out.
        for (const { carried } of request.plan)
          for (const progress of carried?.progress ?? []) add(write, id, progress);
      },
      StepAdvanced: ({ progress }, { id }, write) => {
        add(write, id, progress);
      },
      JobExpired: (_event, { id }, write) => {
        removeAll(write, id);
      },
    },
  };
}
