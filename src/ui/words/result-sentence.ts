import type { StepResult, SuggestionsResult, SyncResult } from '../api/step-result.js';
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

function syncSentence({ transactionsChanged, accountsTouched }: SyncResult): string {
  if (transactionsChanged === 0) return 'No transaction changed.';
  return `${counted(transactionsChanged, 'transaction')} changed in ${accountsTouched.join(', ')}.`;
}

function costText({ inputTokens, outputTokens, cost }: SuggestionsResult): string {
  const tokens = inputTokens + outputTokens;
  if (tokens === 0) return '; its server does not tell what that took';
  const prices =
    cost === null
      ? ''
      : ` (${cost.toLocaleString(undefined, { maximumFractionDigits: cost < 1 ? 4 : 2 })} at your prices)`;
  return `, for ${counted(tokens, 'token')}${prices}`;
}

function suggestionsSentence(result: SuggestionsResult): string {
  const { requested, suggested, fromHistory, fromModel, model } = result;
  const sources =
    model === null
      ? 'Your budget’s history answered; no model was asked.'
      : `${fromHistory.toLocaleString()} from your budget’s history, ${fromModel.toLocaleString()} from ${model}${costText(result)}.`;
  return `${suggested.toLocaleString()} of ${counted(requested, 'transaction')} got a suggestion.${restText(result)} ${sources}`;
}

function restText({ unanswered, unusable, model }: SuggestionsResult): string {
  const unsure = unanswered - (unusable ?? 0);
  const parts = [
    unsure > 0 && ` Nothing was sure enough for ${unsure.toLocaleString()}.`,
    unusable && ` What ${model} answered could not be used for ${unusable.toLocaleString()}.`,
  ];
  return parts.filter((part) => typeof part === 'string').join('');
}
