import { memo, type Ref } from 'react';
import { isActive, type Job } from '../api/job.js';
import { Duration } from '../parts/duration.js';
import { PartsInLine } from '../parts/parts-in-line.js';
import { RelativeInstant } from '../parts/relative-instant.js';
import { StatusBadge } from '../parts/status-badge.js';
import { strings } from '../strings.js';
import { instantText } from '../words/instant-text.js';
import { budgetName } from '../words/budget-name.js';
import { jobTypeName } from '../words/job-type-name.js';
import { outcomeParts } from '../words/outcome-sentence.js';
import { detailsButtonId } from './details-button-id.js';

interface Properties {
  readonly job: Job;
  readonly isOpen: boolean;
  readonly hasBudget: boolean;
  /** Its line in the list. */
  readonly index: number;
  /** Among all jobs of the list, from 1 on, where not all of them have a row. */
  readonly place: number | undefined;
  readonly ref: Ref<HTMLTableRowElement> | undefined;
  readonly onOpen: (jobId: string) => void;
  readonly onFocus: (jobId: string) => void;
}

/**
 * A click anywhere opens the job; the button, whose click reaches the row too, is for the keyboard. Rendered again only
 * where something of it changed: there may be thousands.
 */
export const JobRow = memo(function JobRow(properties: Properties) {
  const { job, isOpen, hasBudget, index, place, ref, onOpen, onFocus } = properties;
  return (
    <tr
      role="row"
      ref={ref}
      data-index={index}
      // Behind the row with the names of the columns.
      aria-rowindex={place === undefined ? undefined : place + 1}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(job.id)}
      onFocus={() => onFocus(job.id)}
    >
      <td role="cell" className="job-type">
        {jobTypeName(job.type)}
      </td>
      {hasBudget && (
        <td role="cell" className="budget">
          {budgetName(job.budget)}
        </td>
      )}
      <td role="cell" className="job-status">
        <StatusBadge status={job.status} />
      </td>
      <td role="cell" className="job-started" data-name={strings.list.started}>
        <RelativeInstant at={job.startedAt} />
      </td>
      <td role="cell" className="job-completed" data-name={strings.list.completed}>
        <RelativeInstant at={job.completedAt} />
      </td>
      <td role="cell" className="job-took">
        <Duration from={job.startedAt} to={isActive(job) ? null : (job.completedAt ?? job.startedAt)} />
      </td>
      <td role="cell" className={job.failure ? 'job-outcome job-outcome-failed' : 'job-outcome'}>
        <PartsInLine parts={outcomeParts(job)} />
      </td>
      <td role="cell" className="job-open">
        <button
          type="button"
          id={detailsButtonId(job.id)}
          className="open"
          aria-expanded={isOpen}
          aria-label={strings.list.detailsOf(instantText(job.createdAt))}
        >
          ›
        </button>
      </td>
    </tr>
  );
});
