import { setImmediate as nextTurn } from 'node:timers/promises';
import { likely } from './confidence.js';
import { LearntHistory } from './learnt-history.js';
import type { SuggestedBatch, Suggester, SuggestionRequest, Transaction } from './suggester.js';

/** Keeps the event of a batch well below 1 MiB, whatever the texts are. */
const transactionsPerBatch = 50;

/**
 * Suggests what the budget's own history answers surely enough. The other parts of the server get their turn
 * between the batches and while it learns. Rejects with the signal's reason.
 */
export class HistorySuggester implements Suggester {
  async *suggest(request: SuggestionRequest): AsyncGenerator<SuggestedBatch, void> {
    const { transactions, signal } = request;
    const history = await LearntHistory.learn(request);
    for (let start = 0; start < transactions.length; start += transactionsPerBatch) {
      await nextTurn();
      signal.throwIfAborted();
      yield answer(transactions.slice(start, start + transactionsPerBatch), history);
    }
  }
}

function answer(transactions: readonly Transaction[], history: LearntHistory): SuggestedBatch {
  const suggestions = transactions.flatMap((transaction) => {
    const prediction = history.predict(transaction);
    return prediction && prediction.confidence >= likely
      ? [history.suggestionOf(transaction, prediction)]
      : [];
  });
  const suggested = new Set(suggestions.map(({ transactionId }) => transactionId));
  const unanswered = transactions.map(({ id }) => id).filter((id) => !suggested.has(id));
  return { suggestions, unanswered, model: null, inputTokens: 0, outputTokens: 0 };
}
