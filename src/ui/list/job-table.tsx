import type { Job } from '../api/job.js';
import { byDay } from '../feed/job-days.js';
import { ColumnHeaders } from '../parts/column-headers.js';
import { DayHeading } from './day-heading.js';
import { JobRow } from './job-row.js';

interface Properties {
  readonly jobs: readonly Job[];
  readonly openJobId: string | null;
  /** Whether there is more than one to tell apart. */
  readonly hasBudgets: boolean;
  /** Always the same one: for another, all rows would be rendered again. */
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
    <table
      role="table"
      className={hasBudgets ? 'jobs jobs-of-budgets cards' : 'jobs cards'}
      aria-label="Jobs"
    >
      <ColumnHeaders names={columns}>
        <th role="columnheader" scope="col">
          <span className="visually-hidden">Details</span>
        </th>
      </ColumnHeaders>
      <tbody role="rowgroup">
        {/* All beside each other, so that a row keeps the focus when its job ends and moves below a heading. */}
        {byDay(jobs).flatMap(({ key, at, jobs: jobsOfDay }) => [
          at !== null && <DayHeading key={key} at={at} columns={columns.length + 1} />,
          ...jobsOfDay.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              isOpen={job.id === openJobId}
              hasBudget={hasBudgets}
              onOpen={onOpen}
            />
          )),
        ])}
      </tbody>
    </table>
  );
}
