import type { Suggestion } from '../domain/step-outcome.js';
import { CategoryModel, type Prediction } from './category-model.js';
import { inTurns } from './in-turns.js';
import { learnHistory } from './learn-history.js';
import { rationaleOf } from './rationale.js';
import { shownText } from './shown-text.js';
import type { SuggestionRequest, Transaction } from './suggester.js';

const maxNameLength = 200;

/** What a budget's own history says about its transactions. */
export class LearntHistory {
  readonly #model: CategoryModel;
  readonly #categoryNames: ReadonlyMap<string, string>;

  private constructor(model: CategoryModel, categoryNames: ReadonlyMap<string, string>) {
    this.#model = model;
    this.#categoryNames = categoryNames;
  }

  /** The other parts of the server get their turn while it learns. Rejects with the signal's reason. */
  static async learn({
    categories,
    history,
    signal,
  }: Pick<SuggestionRequest, 'categories' | 'history' | 'signal'>): Promise<LearntHistory> {
    const categoryNames = new Map(categories.map(({ id, name }) => [id, name]));
    const model = new CategoryModel([...categoryNames.keys()]);
    await inTurns(learnHistory(model, history), signal);
    return new LearntHistory(model, categoryNames);
  }

  /** Null where no selectable category ever occurred. */
  predict(transaction: Transaction): Prediction | null {
    return this.#model.predict(transaction);
  }

  suggestionOf(
    { id, date, amount, payee }: Transaction,
    { categoryId, confidence, evidence }: Prediction,
  ): Suggestion {
    const category = this.#categoryNames.get(categoryId) ?? '';
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
}
