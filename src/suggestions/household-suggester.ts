import { likely, sure } from './confidence.js';
import { inTurns } from './in-turns.js';
import { LearntHistory } from './learnt-history.js';
import { Examples } from './model/examples.js';
import { ModelFaultError } from './model/model-fault-error.js';
import type { ModelSuggester } from './model/model-suggester.js';
import type { OpenRow } from './model/open-row.js';
import { SuggestionFaultError } from './suggestion-fault-error.js';
import type { Prediction } from './category-model.js';
import type { SuggestedBatch, Suggester, SuggestionRequest, Transaction } from './suggester.js';

/** Keeps the event of a batch well below 1 MiB, whatever the texts are. */
const suggestionsPerBatch = 50;

interface Predicted {
  readonly transaction: Transaction;
  readonly prediction: Prediction | null;
}

/**
 * Decides who answers which transaction: the household's own history what it is sure of, a model the rest, with history's
 * best guess as a hint. Where the model fails, history says what it takes for likely.
 */
export class HouseholdSuggester implements Suggester {
  readonly #model: ModelSuggester;

  constructor(model: ModelSuggester) {
    this.#model = model;
  }

  /** @throws SuggestionFaultError the model failed; the signal's reason */
  async *suggest(request: SuggestionRequest): AsyncGenerator<SuggestedBatch, void> {
    const { transactions, signal } = request;
    const history = await LearntHistory.learn(request);
    const predicted: Predicted[] = [];
    await inTurns(predictions(transactions, history, predicted), signal);
    yield* suggestionsOf(predicted, sure, history);

    const open = predicted.filter(({ prediction }) => (prediction?.confidence ?? 0) < sure);
    if (open.length === 0) return;
    const examples = await examplesIn(request);
    const answered = new Set<string>();
    try {
      for await (const batch of this.#model.suggest({
        ...request,
        rows: open.map(rowOf),
        examples,
      })) {
        for (const id of idsOf(batch)) answered.add(id);
        yield batch;
      }
    } catch (error) {
      if (!(error instanceof ModelFaultError)) throw error;
      const left = open.filter(({ transaction }) => !answered.has(transaction.id));
      const { failure, retryAfterMs } = error;
      throw new SuggestionFaultError(failure, [...suggestionsOf(left, likely, history)], retryAfterMs, {
        cause: error,
      });
    }
  }
}

function* predictions(
  transactions: readonly Transaction[],
  history: LearntHistory,
  predicted: Predicted[],
): Generator<void> {
  for (const transaction of transactions) {
    predicted.push({ transaction, prediction: history.predict(transaction) });
    yield;
  }
}

/** What history says with at least this confidence, and nothing about the others. */
function* suggestionsOf(
  predicted: readonly Predicted[],
  leastConfidence: number,
  history: LearntHistory,
): Generator<SuggestedBatch> {
  const suggestions = predicted.flatMap(({ transaction, prediction }) =>
    prediction && prediction.confidence >= leastConfidence
      ? [history.suggestionOf(transaction, prediction)]
      : [],
  );
  for (let start = 0; start < suggestions.length; start += suggestionsPerBatch) {
    yield {
      suggestions: suggestions.slice(start, start + suggestionsPerBatch),
      ...{ unanswered: [], model: null, inputTokens: 0, outputTokens: 0 },
    };
  }
}

function rowOf({ transaction, prediction }: Predicted): OpenRow {
  return { transaction, guess: prediction };
}

async function examplesIn({ history, signal }: SuggestionRequest): Promise<Examples> {
  const examples = new Examples();
  await inTurns(learning(history, examples), signal);
  return examples;
}

function* learning(history: SuggestionRequest['history'], examples: Examples): Generator<void> {
  for (const transaction of history) {
    examples.learn(transaction);
    yield;
  }
}

function idsOf({ suggestions, unanswered }: SuggestedBatch): readonly string[] {
  return [...suggestions.map(({ transactionId }) => transactionId), ...unanswered];
}
