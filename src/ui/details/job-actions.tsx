import { useMutation } from 'urql';
import { errorSentence } from '../api/error-sentence.js';
import { cancelJobMutation, retryJobMutation } from '../api/job-mutations.js';
import { isActive, type Job } from '../api/job.js';
import type { JobFeed } from '../feed/job-feed.js';
import { Problem } from '../parts/problem.js';
import { strings } from '../strings.js';
import { ActionButton } from './action-button.js';

interface Properties {
  readonly job: Job;
  readonly feed: JobFeed;
  readonly onOpen: (jobId: string) => void;
}

export function JobActions({ job, feed, onOpen }: Properties) {
  const [canceling, cancelJob] = useMutation(cancelJobMutation);
  const [retrying, retryJob] = useMutation(retryJobMutation);
  const error = isActive(job) ? canceling.error : retrying.error;

  const cancel = async () => {
    if (canceling.fetching) return;
    const { data } = await cancelJob({ id: job.id });
    if (data) feed.learn([data.cancelJob]);
  };
  const retry = async () => {
    if (retrying.fetching) return;
    const { data } = await retryJob({ id: job.id });
    if (!data) return;
    feed.learn([data.retryJob.job]);
    onOpen(data.retryJob.job.id);
  };

  return (
    <div className="actions">
      {isActive(job) && (
        <ActionButton
          name={strings.details.cancel}
          effect={strings.details.cancelEffect}
          isBusy={canceling.fetching}
          onPress={cancel}
        />
      )}
      {(job.status === 'FAILED' || job.status === 'CANCELED') && (
        <ActionButton
          name={strings.details.retry}
          effect={whatRetryDoes(job)}
          isBusy={retrying.fetching}
          onPress={retry}
        />
      )}
      {error && <Problem text={errorSentence(error)} />}
    </div>
  );
}

function whatRetryDoes({ steps }: Job): string {
  const isPartDone = steps.some(({ status }) => status === 'SUCCEEDED');
  return isPartDone ? strings.details.retryOfRestEffect : strings.details.retryEffect;
}
