import type { Failure } from '../api/failure.js';
import type { JobDetails, JobDetailsStep } from '../api/job-details.js';
import { StatusBadge } from '../parts/status-badge.js';
import { strings } from '../strings.js';
import { jobTypeName } from '../words/job-type-name.js';
import { resultSentence } from '../words/result-sentence.js';
import { NextAttempt } from './next-attempt.js';
import { StepTimes } from './step-times.js';

interface Properties {
  readonly job: JobDetails;
  /** Shows what the suggestions are not sure of. */
  readonly onShowNotSure: () => void;
}

export function StepList({ job, onShowNotSure }: Properties) {
  return (
    <section className="details-part">
      <h3 id="steps-heading">{strings.steps.title}</h3>
      <ol className="steps" role="list" aria-labelledby="steps-heading">
        {job.steps.map((step, index) => (
          <li key={step.order} className={`step step-${step.status.toLowerCase()}`}>
            <div className="step-title">
              {jobTypeName(step.type)} <StatusBadge status={step.status} />
              <StepTimes step={step} readyAt={job.steps[index - 1]?.completedAt ?? job.createdAt} />
            </div>
            {step.result && <p>{resultSentence(step.result)}</p>}
            {job.unanswered.totalCount > 0 && step.result?.__typename === 'SuggestionsResult' && (
              <button type="button" className="small" onClick={onShowNotSure}>
                {strings.steps.showNotSure}
              </button>
            )}
            {step.failure && !isToldByJob(job, step) && <p>{failureText(step, step.failure)}</p>}
            {step.nextAttemptAt !== null && <NextAttempt at={step.nextAttemptAt} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The failure that made the job fail stands above the steps already. */
function isToldByJob({ failure }: JobDetails, step: JobDetailsStep): boolean {
  return failure !== null && step.failure?.code === failure.code && step.failure.message === failure.message;
}

function failureText({ status }: JobDetailsStep, { message, action }: Failure): string {
  const goesOn = status === 'QUEUED' || status === 'RUNNING';
  return goesOn ? strings.steps.attemptFailed(message) : `${message} ${action}`;
}
