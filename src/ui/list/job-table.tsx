import type { Job } from '../api/job.js';
import { ColumnHeaders } from '../parts/column-headers.js';
import { JobRow } from './job-row.js';

interface Properties {
  readonly jobs: readonly Job[];
  readonly openJobId: string | null;
  /** Whether there is more than one to tell apart. */
  readonly hasBudgets: boolean;
  readonly onOpen: (jobId: string) => void;
}

export function JobTable({ jobs, openJobId, hasBudgets, onOpen }: Properties) {
  const columns = [
    'Type',
    ...(hasBudgets ? ['Budget'] : []),
    'Status',
    'Started',
    'Completed',
    'Took',
    'Outcome',
  ];
  return (
    <table role="table" className="jobs cards" aria-label="Jobs">
      <ColumnHeaders names={columns}>
        <th role="columnheader" scope="col">
          <span className="visually-hidden">Details</span>
        </th>
      </ColumnHeaders>
      <tbody role="rowgroup">
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
  );
}
