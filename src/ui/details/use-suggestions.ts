import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { errorSentence } from '../api/error-sentence.js';
import { suggestionPageQuery, type Suggestion } from '../api/suggestion-page.js';

const pageSize = 100;

interface Loaded {
  readonly suggestions: readonly Suggestion[];
  readonly endCursor: string | null;
  readonly problem: string | null;
}

/**
 * All suggestions of a job, page by page, so that they can be sorted and exported. As the job finds more
 * (`totalCount` grows), only those that are not there yet are loaded.
 */
export function useSuggestions(jobId: string, totalCount: number, isLive: boolean) {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded>({ suggestions: [], endCursor: null, problem: null });
  const { suggestions, endCursor, problem } = loaded;
  const missing = isLive ? totalCount - suggestions.length : 0;

  useEffect(() => {
    if (missing <= 0) return;
    let isWanted = true;
    void client
      .query(suggestionPageQuery, { jobId, first: Math.min(missing, pageSize), after: endCursor })
      .toPromise()
      .then(({ data, error }) => {
        if (!isWanted) return;
        const page = data?.job?.suggestions;
        setLoaded((before) => ({
          suggestions: [...before.suggestions, ...(page?.nodes ?? [])],
          endCursor: page?.pageInfo.endCursor ?? before.endCursor,
          problem: error ? errorSentence(error) : null,
        }));
      });
    return () => {
      isWanted = false;
    };
  }, [client, jobId, missing, endCursor]);

  return { suggestions, problem };
}
