import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { jobDetailsSubscription, type JobDetails } from '../api/job-details.js';

interface Details {
  /** The newest state that came, kept while the connection is lost; null before the first. */
  readonly job: JobDetails | null;
  /** What the server answered instead. */
  readonly refusal: { readonly code: unknown; readonly message: string } | null;
}

const nothing: Details = { job: null, refusal: null };

/** Follows one job for as long as updates can arrive. To be used anew (by a `key`) for another job. */
export function useJobDetails(jobId: string, isLive: boolean): Details {
  const client = useClient();
  const [details, setDetails] = useState(nothing);
  useEffect(() => {
    if (!isLive) return;
    const subscription = client
      .subscription(jobDetailsSubscription, { jobId })
      .subscribe(({ data, error }) => {
        const [refused] = error?.graphQLErrors ?? [];
        if (data) setDetails((before) => ({ job: newest(before.job, data.jobUpdated), refusal: null }));
        else if (refused) {
          const { message, extensions } = refused;
          setDetails((before) => ({ ...before, refusal: { code: extensions.code, message } }));
        }
      });
    return () => subscription.unsubscribe();
  }, [client, jobId, isLive]);
  return details;
}

function newest(before: JobDetails | null, job: JobDetails): JobDetails {
  return before && before.position > job.position ? before : job;
}
