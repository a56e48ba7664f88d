import type { Job } from '../api/job.js';
import { JobRow } from './job-row.js';

interface Properties {
  readonly jobs: readonly Job[];
  readonly openJobId: string | null;
  /** Whether there is more than one to tell apart. */
  readonly hasBudgets: boolean;
  readonly onOpen: (jobId: string) => void;
}

export function JobTable({ jobs, openJobId, hasBudgets, onOpen }: Properties) {
  return (
    <div className="jobs-frame">
      <table className="jobs" aria-label="Jobs">
        <thead>
          <tr>
            <th scope="col">Type</th>
            {hasBudgets && (
              <th scope="col" className="budget">
                Budget
              </th>
            )}
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col">Completed</th>
            <th scope="col">
              <span className="visually-hidden">Details</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              isOpen={job.id === openJobId}
              hasBudget={hasBudgets}
              onOpen={() => onOpen(job.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
