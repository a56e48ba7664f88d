import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { errorSentence } from '../api/error-sentence.js';
import type { PartPageQuery } from '../api/part-page.js';

const pageSize = 100;

interface Loaded<Part> {
  readonly parts: readonly Part[];
  readonly endCursor: string | null;
  readonly problem: string | null;
}

/**
 * All of one kind of what belongs to a job, page by page, so that it can be sorted and exported. As the job finds more
 * (`totalCount` grows), only those that are not there yet are loaded.
 */
export function useParts<Part>(
  query: PartPageQuery<Part>,
  jobId: string,
  totalCount: number,
  isLive: boolean,
): Omit<Loaded<Part>, 'endCursor'> {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded<Part>>({ parts: [], endCursor: null, problem: null });
  const { parts, endCursor, problem } = loaded;
  const missing = isLive ? totalCount - parts.length : 0;

  useEffect(() => {
    if (missing <= 0) return;
    let isWanted = true;
    void client
      .query(query, { jobId, first: Math.min(missing, pageSize), after: endCursor })
      .toPromise()
      .then(({ data, error }) => {
        if (!isWanted) return;
        const page = data?.job?.parts;
        setLoaded((before) => ({
          parts: [...before.parts, ...(page?.nodes ?? [])],
          endCursor: page?.pageInfo.endCursor ?? before.endCursor,
          problem: error ? errorSentence(error) : null,
        }));
      });
    return () => {
      isWanted = false;
    };
  }, [client, query, jobId, missing, endCursor]);

  return { parts, problem };
}
