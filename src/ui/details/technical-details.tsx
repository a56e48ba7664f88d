import { Fragment } from 'react';
import type { JobDetails } from '../api/job-details.js';
import type { SyncResult } from '../api/step-result.js';
import { strings } from '../strings.js';
import { durationText } from '../words/duration-text.js';
import { jobTypeName } from '../words/job-type-name.js';

/** For whoever looks for a fault; closed, since it is noise to everybody else. */
export function TechnicalDetails({ job }: { readonly job: JobDetails }) {
  return (
    <details className="details-part">
      <summary>{strings.details.technical}</summary>
      <dl className="facts technical">
        <dt>{strings.details.job}</dt>
        <dd>{job.id}</dd>
        <dt>{strings.budget.label}</dt>
        <dd>{job.budget.id}</dd>
        {job.steps.map(
          ({ order, type, result }) =>
            result?.__typename === 'SyncResult' && (
              <Fragment key={order}>
                <dt>{jobTypeName(type)}</dt>
                <dd>{trafficText(result)}</dd>
              </Fragment>
            ),
        )}
      </dl>
    </details>
  );
}

function trafficText({ messagesReceived, messagesSent, durationMs }: SyncResult): string {
  return strings.details.traffic(messagesReceived, messagesSent, durationText(durationMs));
}
