import type { StepResult, SuggestionsResult, SyncResult } from '../api/step-result.js';
import { strings } from '../strings.js';

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
  return transactionsChanged === 0
    ? strings.steps.nothingChanged
    : strings.steps.changed(transactionsChanged, accountsTouched);
}

function suggestionsSentence(result: SuggestionsResult): string {
  const { requested, suggested, fromHistory, fromModel, unanswered, unusable, model } = result;
  const notSureEnough = unanswered - (unusable ?? 0);
  const { steps } = strings;
  return [
    steps.suggested(suggested, requested),
    notSureEnough > 0 && steps.notSureEnough(notSureEnough),
    unusable && model !== null && steps.unusable(model, unusable),
    model === null ? steps.fromHistoryAlone : steps.fromBoth(fromHistory, fromModel, model, costText(result)),
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');
}

function costText({ inputTokens, outputTokens, cost }: SuggestionsResult): string {
  const tokens = inputTokens + outputTokens;
  if (tokens === 0) return strings.steps.unknownCost;
  const price = cost?.toLocaleString(undefined, { maximumFractionDigits: cost < 1 ? 4 : 2 }) ?? null;
  return strings.steps.cost(tokens, price);
}
