import type { Job } from '../api/job.js';
import { Instant } from '../parts/instant.js';
import { StatusBadge } from '../parts/status-badge.js';
import { instantText } from '../words/instant-text.js';
import { jobTypeName } from '../words/job-type-name.js';
import { detailsButtonId } from './details-button-id.js';

interface Properties {
  readonly job: Job;
  readonly isOpen: boolean;
  readonly hasBudget: boolean;
  readonly onOpen: () => void;
}

/** A click anywhere opens the job; the button, whose click reaches the row too, is for the keyboard. */
export function JobRow({ job, isOpen, hasBudget, onOpen }: Properties) {
  return (
    <tr onClick={onOpen} aria-current={isOpen || undefined}>
      <td>{jobTypeName(job.type)}</td>
      {hasBudget && <td className="budget">{job.budget.name}</td>}
      <td>
        <StatusBadge status={job.status} />
      </td>
      <td>
        <Instant at={job.startedAt} />
      </td>
      <td>
        <Instant at={job.completedAt} />
      </td>
      <td>
        <button
          type="button"
          id={detailsButtonId(job.id)}
          className="open"
          aria-expanded={isOpen}
          aria-label={`Details of the job of ${instantText(job.createdAt)}`}
        >
          ›
        </button>
      </td>
    </tr>
  );
}
