import type { JobDetails } from '../api/job-details.js';
import { isActive } from '../api/job.js';
import { Problem } from '../parts/problem.js';
import { SuggestionItem } from './suggestion-item.js';
import { useSuggestions } from './use-suggestions.js';

interface Properties {
  readonly job: JobDetails;
  readonly isLive: boolean;
}

/** Nothing where the job was never to give any. */
export function SuggestionsSection({ job, isLive }: Properties) {
  const { totalCount } = job.suggestions;
  const { suggestions, problem, showMore } = useSuggestions(job.id, totalCount, isLive);
  if (!job.steps.some(({ type }) => type === 'SUGGESTIONS_GENERATION')) return null;
  return (
    <section className="details-part" aria-labelledby="suggestions-heading">
      <h3 id="suggestions-heading">Suggestions</h3>
      {totalCount === 0 && <p>{isActive(job) ? 'None yet.' : 'None.'}</p>}
      {totalCount > 0 && (
        <ul className="suggestions" role="list" aria-labelledby="suggestions-heading">
          {suggestions.map((suggestion) => (
            <SuggestionItem key={suggestion.transactionId} suggestion={suggestion} />
          ))}
        </ul>
      )}
      {problem !== null && <Problem text={problem} />}
      {suggestions.length < totalCount && (
        <button type="button" onClick={showMore}>
          Show more ({suggestions.length.toLocaleString()} of {totalCount.toLocaleString()} shown)
        </button>
      )}
    </section>
  );
}
