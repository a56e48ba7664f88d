import type { Job } from './job-api.js';

const names: Readonly<Record<string, string>> = {
  SYNC: 'Sync',
  SUGGESTIONS_GENERATION: 'Suggestions',
  SYNC_AND_GENERATE: 'Sync and suggestions',
};

/** Where a job stands, in one line. */
export function progressText(job: Job): string {
  const name = names[job.type] ?? job.type;
  switch (job.status) {
    case 'QUEUED':
      return `${name}: waits for its turn${job.queuePosition ? `, ${job.queuePosition} ahead of it` : ''}`;
    case 'RUNNING':
      return `${name}: ${runningText(job)}`;
    case 'SUCCEEDED':
      return `${name}: succeeded`;
    case 'FAILED':
      return `${name}: failed. ${job.failure?.message ?? ''} ${job.failure?.action ?? ''}`.trim();
    case 'CANCELED':
      return `${name}: canceled`;
    default:
      return job.status satisfies never;
  }
}

function runningText({ steps }: Job): string {
  const step =
    steps.find(({ status }) => status === 'RUNNING') ?? steps.find(({ status }) => status === 'QUEUED');
  if (!step) return 'running';
  const which = steps.length > 1 ? ` step ${step.order} of ${steps.length},` : '';
  const { nextAttemptAt, failure } = step;
  if (nextAttemptAt === null) return `running${which} ${(names[step.type] ?? step.type).toLowerCase()}`;
  return `${failure?.message ?? 'It did not succeed.'} Tries again at ${nextAttemptAt.slice(11, 19)} UTC`;
}
