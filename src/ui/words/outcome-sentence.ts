import { isActive, type Job } from '../api/job.js';
import type { StepResult } from '../api/step-result.js';
import { counted } from './counted.js';

/** What came of a job in one line, or how far it is. */
export function outcomeSentence(job: Job): string {
  if (job.failure) return job.failure.message;
  if (isActive(job)) return progressSentence(job);
  return job.steps.flatMap(({ result }) => (result ? [resultInShort(result)] : [])).join(' · ');
}

function progressSentence({ status, steps }: Job): string {
  if (status === 'QUEUED') return 'Waits for its turn';
  const current = steps.findIndex((step) => step.status !== 'SUCCEEDED');
  return steps.length < 2 || current === -1 ? '' : `Step ${current + 1} of ${steps.length}`;
}

function resultInShort(result: StepResult): string {
  switch (result.__typename) {
    case 'SyncResult':
      return result.transactionsChanged === 0
        ? 'No transaction changed'
        : `${counted(result.transactionsChanged, 'transaction')} changed in ${counted(result.accountsTouched.length, 'account')}`;
    case 'SuggestionsResult':
      return `${result.suggested.toLocaleString()} of ${result.requested.toLocaleString()} suggested`;
    default:
      return result satisfies never;
  }
}
