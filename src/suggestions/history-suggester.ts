import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Suggestion } from '../domain/step-outcome.js';
import { CategoryModel, type Prediction } from './category-model.js';
import { learnHistory } from './learn-history.js';
import { rationaleOf } from './rationale.js';
import { shownText } from './shown-text.js';
import type {
  CategorisedTransaction,
  SuggestedBatch,
  Suggester,
  SuggestionRequest,
  Transaction,
} from './suggester.js';

/** Keeps the event of a batch well below 1 MiB, whatever the texts are. */
const transactionsPerBatch = 50;
const maxNameLength = 200;
/** How long it learns before others have their turn. */
const turnMs = 10;
/** Below it a transaction stays unanswered. */
const leastConfidence = 0.6;

/**
 * Suggests what the budget's own history answers surely enough. The other parts of the server get their turn
 * between the batches and while it learns. Rejects with the signal's reason.
 */
export class HistorySuggester implements Suggester {
  async *suggest(request: SuggestionRequest): AsyncGenerator<SuggestedBatch, void> {
    const { transactions, categories, history, signal } = request;
    signal.throwIfAborted();
    const categoryNames = new Map(categories.map(({ id, name }) => [id, name]));
    const model = new CategoryModel([...categoryNames.keys()]);
    await learn(model, history, signal);
    for (let start = 0; start < transactions.length; start += transactionsPerBatch) {
      await turn(signal);
      const batch = transactions.slice(start, start + transactionsPerBatch);
      yield answer(batch, model, categoryNames);
    }
  }
}

async function learn(
  model: CategoryModel,
  history: readonly CategorisedTransaction[],
  signal: AbortSignal,
): Promise<void> {
  const steps = learnHistory(model, history);
  let pauseAt = performance.now() + turnMs;
  while (!steps.next().done) {
    if (performance.now() < pauseAt) continue;
    await turn(signal);
    pauseAt = performance.now() + turnMs;
  }
}

/** Lets others have a turn of the event loop. */
async function turn(signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}

function answer(
  transactions: readonly Transaction[],
  model: CategoryModel,
  categoryNames: ReadonlyMap<string, string>,
): SuggestedBatch {
  const suggestions: Suggestion[] = [];
  const unanswered: string[] = [];
  for (const transaction of transactions) {
    const prediction = model.predict(transaction);
    if (prediction && prediction.confidence >= leastConfidence) {
      suggestions.push(suggestionOf(transaction, prediction, categoryNames));
    } else {
      unanswered.push(transaction.id);
    }
  }
  return { suggestions, unanswered, model: null, inputTokens: 0, outputTokens: 0 };
}

function suggestionOf(
  { id, date, amount, payee }: Transaction,
  { categoryId, confidence, evidence }: Prediction,
  categoryNames: ReadonlyMap<string, string>,
): Suggestion {
  const category = categoryNames.get(categoryId) ?? '';
  return {
    transactionId: id,
    date,
    payee: payee === null ? null : shownText(payee, maxNameLength),
    amount,
    categoryId,
    categoryName: shownText(category, maxNameLength),
    source: 'HISTORY',
    confidence,
    rationale: rationaleOf(evidence, { payee, category }),
  };
}
