import type { Failure, JobDetails, JobStep } from '../api/job-details.js';
import { Instant } from '../parts/instant.js';
import { StatusBadge } from '../parts/status-badge.js';
import { jobTypeName } from '../words/job-type-name.js';
import { resultSentence } from '../words/result-sentence.js';

export function StepList({ job }: { readonly job: JobDetails }) {
  return (
    <section className="details-part">
      <h3 id="steps-heading">Steps</h3>
      <ol className="steps" aria-labelledby="steps-heading">
        {job.steps.map((step) => (
          <li key={step.order}>
            <div className="step-title">
              {jobTypeName(step.type)} <StatusBadge status={step.status} />
            </div>
            {step.attempt > 1 && <p>Attempt {step.attempt}.</p>}
            {step.result && <p>{resultSentence(step.result)}</p>}
            {step.failure && !isToldByJob(job, step) && <p>{failureText(step, step.failure)}</p>}
            {step.nextAttemptAt !== null && (
              <p>
                It will be tried again at <Instant at={step.nextAttemptAt} />.
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The failure that made the job fail stands above the steps already. */
function isToldByJob({ failure }: JobDetails, step: JobStep): boolean {
  return failure !== null && step.failure?.code === failure.code && step.failure.message === failure.message;
}

function failureText({ status }: JobStep, { message, action }: Failure): string {
  const goesOn = status === 'QUEUED' || status === 'RUNNING';
  return goesOn ? `An attempt failed: ${message}` : `${message} ${action}`;
}
