import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { JobFeed } from '../feed/job-feed.js';
import { Problem } from '../parts/problem.js';
import { strings } from '../strings.js';
import { FailureNote } from './failure-note.js';
import { HistoryList } from './history-list.js';
import { JobActions } from './job-actions.js';
import { JobFacts } from './job-facts.js';
import { StepList } from './step-list.js';
import { SuggestionsSection } from './suggestions-section.js';
import { TechnicalDetails } from './technical-details.js';
import { useJobDetails } from './use-job-details.js';

interface Properties {
  readonly jobId: string;
  readonly feed: JobFeed;
  readonly isLive: boolean;
  readonly onOpen: (jobId: string) => void;
  readonly onClose: () => void;
}

/** To be remounted for another job. */
export function JobDetailsPanel({ jobId, feed, isLive, onOpen, onClose }: Properties) {
  const { job, refusal } = useJobDetails(jobId, isLive);
  const isGone = refusal?.code === 'JOB_NOT_FOUND';
  useEffect(() => {
    if (isGone) feed.forget(jobId);
    else if (job) feed.learn([job]);
  }, [feed, job, jobId, isGone]);

  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const [isNotSureFirst, setNotSureFirst] = useState(false);
  const showNotSure = () => {
    // The rows are to be in their new order before one goes there.
    flushSync(() => setNotSureFirst(true));
    const suggestions = document.getElementById('suggestions-heading');
    suggestions?.scrollIntoView();
    suggestions?.focus({ preventScroll: true });
  };

  return (
    <section
      className="panel details"
      aria-labelledby="details-heading"
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
    >
      <header className="details-header">
        <h2 id="details-heading" ref={heading} tabIndex={-1}>
          {strings.details.title}
        </h2>
        <button type="button" onClick={onClose}>
          {strings.details.close}
        </button>
      </header>
      {isGone && <p>{strings.details.gone}</p>}
      {refusal && !isGone && <Problem text={refusal.message} />}
      {!job && !refusal && <p>{strings.loading}</p>}
      {job && !isGone && (
        <>
          <JobFacts job={job} onOpen={onOpen} />
          {job.failure && <FailureNote failure={job.failure} />}
          <JobActions job={job} feed={feed} onOpen={onOpen} />
          <StepList job={job} onShowNotSure={showNotSure} />
          <SuggestionsSection
            job={job}
            isLive={isLive}
            isNotSureFirst={isNotSureFirst}
            onNotSureFirst={setNotSureFirst}
          />
          <HistoryList history={job.history} />
          <TechnicalDetails job={job} />
        </>
      )}
    </section>
  );
}
