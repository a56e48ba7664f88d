import type { JobDetails } from '../api/job-details.js';
import { isActive } from '../api/job.js';
import { Instant } from '../parts/instant.js';
import { StatusBadge } from '../parts/status-badge.js';
import { budgetName } from '../words/budget-name.js';
import { jobTypeName } from '../words/job-type-name.js';

interface Properties {
  readonly job: JobDetails;
  readonly onOpen: (jobId: string) => void;
}

export function JobFacts({ job, onOpen }: Properties) {
  const { retryOf } = job;
  return (
    <>
      <p className="details-title">
        {jobTypeName(job.type)} <StatusBadge status={job.status} />
      </p>
      {job.status === 'QUEUED' && <p>It waits for its turn: the jobs of one budget run one at a time.</p>}
      {isActive(job) && job.cancelRequestedAt !== null && <p>It was asked to stop and is stopping.</p>}
      <dl className="facts">
        <dt>Budget</dt>
        <dd>{budgetName(job.budget)}</dd>
        <dt>Queued</dt>
        <dd>
          <Instant at={job.createdAt} />
        </dd>
        {job.startedAt !== null && (
          <>
            <dt>Started</dt>
            <dd>
              <Instant at={job.startedAt} />
            </dd>
          </>
        )}
        {job.completedAt !== null && (
          <>
            <dt>Completed</dt>
            <dd>
              <Instant at={job.completedAt} />
            </dd>
          </>
        )}
      </dl>
      {retryOf !== null && (
        <p>
          It goes on from an earlier job.{' '}
          <button type="button" onClick={() => onOpen(retryOf)}>
            Show the earlier one
          </button>
        </p>
      )}
    </>
  );
}
