import type { StepResult, SuggestionsResult, SyncResult } from '../api/job-details.js';
import { counted } from './counted.js';

/** What a step that succeeded did. */
export function resultSentence(result: StepResult): string {
  switch (result.__typename) {
    case 'SyncResult':
      return syncSentence(result);
    case 'SuggestionsResult':
      return suggestionsSentence(result);
    default:
      return result satisfies never;
  }
}

function syncSentence(result: SyncResult): string {
  const { transactionsChanged, accountsTouched, messagesReceived, messagesSent, durationMs } = result;
  const changes =
    transactionsChanged === 0
      ? 'No transaction changed'
      : `${counted(transactionsChanged, 'transaction')} changed in ${accountsTouched.join(', ')}`;
  return `${changes}. ${counted(messagesReceived, 'message')} received and ${messagesSent.toLocaleString()} sent in ${durationText(durationMs)}.`;
}

function durationText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return `${(ms / 1_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
}

function costText({ cost }: SuggestionsResult): string {
  if (cost === null) return '';
  return ` (${cost.toLocaleString(undefined, { maximumFractionDigits: cost < 1 ? 4 : 2 })} at your prices)`;
}

function suggestionsSentence(result: SuggestionsResult): string {
  const { requested, suggested, fromHistory, fromModel, unanswered, model } = result;
  const tokens = result.inputTokens + result.outputTokens;
  const sources =
    model === null
      ? 'Your budget’s history answered; no model was asked.'
      : `${fromHistory.toLocaleString()} from your budget’s history, ${fromModel.toLocaleString()} from ${model}, for ${counted(tokens, 'token')}${costText(result)}.`;
  const rest = unanswered === 0 ? '' : ` Nothing was sure enough for ${unanswered.toLocaleString()}.`;
  return `${suggested.toLocaleString()} of ${counted(requested, 'transaction')} got a suggestion.${rest} ${sources}`;
}
