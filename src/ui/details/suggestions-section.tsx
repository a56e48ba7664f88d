import { useState } from 'react';
import type { JobDetails } from '../api/job-details.js';
import { isActive } from '../api/job.js';
import { suggestionPageQuery } from '../api/suggestion-page.js';
import { unansweredPageQuery } from '../api/unanswered-page.js';
import { Problem } from '../parts/problem.js';
import { strings } from '../strings.js';
import { ExportButton } from './export-button.js';
import { notSureFirst } from './suggestion-line.js';
import { SuggestionTable } from './suggestion-table.js';
import { useParts } from './use-parts.js';

const shownAtOnce = 50;

interface Properties {
  readonly job: JobDetails;
  readonly isLive: boolean;
  readonly isNotSureFirst: boolean;
  readonly onNotSureFirst: (isWanted: boolean) => void;
}

/** Nothing where the job was never to give any. */
export function SuggestionsSection({ job, isLive, isNotSureFirst, onNotSureFirst }: Properties) {
  const suggested = useParts(suggestionPageQuery, job.id, job.suggestions.totalCount, isLive);
  const unanswered = useParts(unansweredPageQuery, job.id, job.unanswered.totalCount, isLive);
  const [wanted, setWanted] = useState(shownAtOnce);
  if (!job.steps.some(({ type }) => type === 'SUGGESTIONS_GENERATION')) return null;
  const totalCount = job.suggestions.totalCount + job.unanswered.totalCount;
  const lines = [...suggested.parts, ...unanswered.parts];
  const shown = (isNotSureFirst ? notSureFirst(lines) : lines).slice(0, wanted);
  const unknown = unansweredIn(job) - job.unanswered.totalCount;
  const problem = suggested.problem ?? unanswered.problem;
  return (
    <section className="details-part" aria-labelledby="suggestions-heading">
      <h3 id="suggestions-heading" tabIndex={-1}>
        {strings.suggestions.title}
      </h3>
      {totalCount === 0 && <p>{isActive(job) ? strings.suggestions.noneYet : strings.suggestions.none}</p>}
      {totalCount > 0 && (
        <>
          <p>{strings.suggestions.harmless}</p>
          <div className="suggestion-tools">
            <label className="tick">
              <input
                type="checkbox"
                checked={isNotSureFirst}
                onChange={(event) => onNotSureFirst(event.target.checked)}
              />
              {strings.suggestions.notSureFirst}
            </label>
            {lines.length === totalCount && <ExportButton jobId={job.id} lines={lines} />}
          </div>
          <SuggestionTable lines={shown} />
        </>
      )}
      {problem !== null && <Problem text={problem} />}
      {shown.length < totalCount && (
        <button type="button" onClick={() => setWanted(wanted + shownAtOnce)}>
          {strings.suggestions.showMore(shown.length, totalCount)}
        </button>
      )}
      {unknown > 0 && <p className="muted">{strings.suggestions.unknown(unknown)}</p>}
    </section>
  );
}

/** Of what a batch names and the budget does not have, and of jobs that ran before this was kept, the number is all there is. */
function unansweredIn({ steps }: JobDetails): number {
  return steps.reduce(
    (sum, { result }) => sum + (result?.__typename === 'SuggestionsResult' ? result.unanswered : 0),
    0,
  );
}
