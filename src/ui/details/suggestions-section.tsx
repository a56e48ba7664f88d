import { useState } from 'react';
import type { JobDetails } from '../api/job-details.js';
import { isActive } from '../api/job.js';
import type { Suggestion } from '../api/suggestion-page.js';
import { Problem } from '../parts/problem.js';
import { ExportButton } from './export-button.js';
import { SuggestionTable } from './suggestion-table.js';
import { useSuggestions } from './use-suggestions.js';

const shownAtOnce = 50;

interface Properties {
  readonly job: JobDetails;
  readonly isLive: boolean;
}

/** Nothing where the job was never to give any. */
export function SuggestionsSection({ job, isLive }: Properties) {
  const { totalCount } = job.suggestions;
  const { suggestions, problem } = useSuggestions(job.id, totalCount, isLive);
  const [isDoubtfulFirst, setDoubtfulFirst] = useState(false);
  const [wanted, setWanted] = useState(shownAtOnce);
  if (!job.steps.some(({ type }) => type === 'SUGGESTIONS_GENERATION')) return null;
  const shown = (isDoubtfulFirst ? doubtfulFirst(suggestions) : suggestions).slice(0, wanted);
  return (
    <section className="details-part" aria-labelledby="suggestions-heading">
      <h3 id="suggestions-heading">Suggestions</h3>
      {totalCount === 0 && <p>{isActive(job) ? 'None yet.' : 'None.'}</p>}
      {totalCount > 0 && (
        <>
          <p>Nothing in your budget was changed by them.</p>
          <div className="suggestion-tools">
            <label className="tick">
              <input
                type="checkbox"
                checked={isDoubtfulFirst}
                onChange={(event) => setDoubtfulFirst(event.target.checked)}
              />
              Not sure first
            </label>
            {suggestions.length === totalCount && <ExportButton jobId={job.id} suggestions={suggestions} />}
          </div>
          <SuggestionTable suggestions={shown} />
        </>
      )}
      {problem !== null && <Problem text={problem} />}
      {shown.length < totalCount && (
        <button type="button" onClick={() => setWanted(wanted + shownAtOnce)}>
          Show more ({shown.length.toLocaleString()} of {totalCount.toLocaleString()} shown)
        </button>
      )}
    </section>
  );
}

function doubtfulFirst(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  return suggestions.toSorted((a, b) => a.confidence - b.confidence);
}
