import type { JobEvent } from '../src/domain/job-events.js';
import type { StepProgress, StepResult } from '../src/domain/step-outcome.js';

/** One event of a job's life as a sentence for the person who started it. */
export function describeTransition(event: JobEvent): string {
  switch (event.type) {
    case 'JobQueued':
      return event.request.retryOf === undefined ? 'The job was queued.' : 'The job was queued as a retry.';
    case 'JobStarted':
      return 'The job started.';
    case 'StepStarted':
      return event.attempt === 1
        ? `Step ${event.step} started.`
        : `Step ${event.step} started again (attempt ${event.attempt}).`;
    case 'StepAdvanced':
      return describeProgress(event.progress);
    case 'StepSucceeded':
      return `Step ${event.step} succeeded: ${describeResult(event.result)}`;
    case 'StepAttemptFailed':
      return `Attempt ${event.attempt} of step ${event.step} failed: ${event.failure.message} It will be tried again.`;
    case 'StepFailed':
      return `Step ${event.step} failed: ${event.failure.message}`;
    case 'StepInterrupted':
      return `Attempt ${event.attempt} of step ${event.step} was interrupted, because the server stopped.`;
    case 'StepSkipped':
      return `Step ${event.step} will not start, because an earlier step failed.`;
    case 'CancelRequested':
      return 'The job was asked to stop.';
    case 'JobSucceeded':
      return 'The job succeeded.';
    case 'JobFailed':
      return `The job failed: ${event.failure.message}`;
    case 'JobCanceled':
      return 'The job was canceled.';
    case 'JobExpired':
      return 'The job was removed.';
    case 'StartReferred':
      return 'The start was answered with a job that was active already.';
    default:
      return event satisfies never;
  }
}

function describeProgress({ suggestions, unanswered }: StepProgress): string {
  const looked = suggestions.length + unanswered.length;
  return `${counted(looked, 'transaction')} looked at, ${counted(suggestions.length, 'suggestion')} found.`;
}

function describeResult(result: StepResult): string {
  switch (result.kind) {
    case 'SYNC':
      return `${counted(result.transactionsChanged, 'transaction')} changed in ${counted(
        result.accountsTouched.length,
        'account',
      )}, ${counted(result.messagesReceived, 'message')} received and ${result.messagesSent} sent.`;
    case 'SUGGESTIONS':
      return `${result.suggested} of ${counted(result.requested, 'transaction')} got a suggestion.`;
    default:
      return result satisfies never;
  }
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
