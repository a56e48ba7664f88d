import type { JobDetails } from '../api/job-details.js';
import { isActive } from '../api/job.js';
import { Instant } from '../parts/instant.js';
import { StatusBadge } from '../parts/status-badge.js';
import { strings } from '../strings.js';
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
      {job.status === 'QUEUED' && <p>{strings.details.waits}</p>}
      {isActive(job) && job.cancelRequestedAt !== null && <p>{strings.details.isStopping}</p>}
      <dl className="facts">
        <dt>{strings.budget.label}</dt>
        <dd>{budgetName(job.budget)}</dd>
        <dt>{strings.details.queued}</dt>
        <dd>
          <Instant at={job.createdAt} />
        </dd>
        {job.startedAt !== null && (
          <>
            <dt>{strings.details.started}</dt>
            <dd>
              <Instant at={job.startedAt} />
            </dd>
          </>
        )}
        {job.completedAt !== null && (
          <>
            <dt>{strings.details.completed}</dt>
            <dd>
              <Instant at={job.completedAt} />
            </dd>
          </>
        )}
      </dl>
      {retryOf !== null && (
        <p>
          {strings.details.isRetry}{' '}
          <button type="button" onClick={() => onOpen(retryOf)}>
            {strings.details.showEarlier}
          </button>
        </p>
      )}
    </>
  );
}
