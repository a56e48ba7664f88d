import { isActive, type Job } from '../api/job.js';
import type { StepResult } from '../api/step-result.js';
import { strings } from '../strings.js';
import { jobTypeName } from './job-type-name.js';

/** What came of a job in one line, or how far it is. */
export function outcomeSentence(job: Job): string {
  return outcomeParts(job).join(' · ');
}

/** The same, of each of its steps. */
export function outcomeParts(job: Job): readonly string[] {
  if (job.failure) return [job.failure.message];
  if (isActive(job)) return [progressSentence(job)].filter((text) => text !== '');
  return job.steps.flatMap(({ result }) => (result ? [resultInShort(result)] : []));
}

function progressSentence({ status, steps }: Job): string {
  if (status === 'QUEUED') return strings.list.waits;
  const current = steps.find((step) => step.status !== 'SUCCEEDED');
  if (steps.length < 2 || !current) return '';
  return strings.list.progress(steps.indexOf(current) + 1, steps.length, jobTypeName(current.type));
}

function resultInShort(result: StepResult): string {
  switch (result.__typename) {
    case 'SyncResult':
      return result.transactionsChanged === 0
        ? strings.list.nothingChanged
        : strings.list.changed(result.transactionsChanged, result.accountsTouched.length);
    case 'SuggestionsResult':
      return strings.list.suggested(result.suggested, result.requested);
    default:
      return result satisfies never;
  }
}
