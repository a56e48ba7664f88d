import type { SyncResult } from '../domain/step-outcome.js';
import type { CategorisedTransaction } from '../suggestions/suggester.js';
import {
  ActualError,
  type ActualBudgets,
  type BatchReading,
  type BatchSelection,
  type BudgetSummary,
  type CallOptions,
  type Uncategorized,
  type UncategorizedQuery,
} from './actual-budgets.js';

export const budgetOperations = ['sync', 'read_batch', 'read_history'] as const;
type BudgetOperation = (typeof budgetOperations)[number];

/** Told of what went wrong with Actual. Must not throw. */
export type OnActualError = (operation: BudgetOperation, code: string) => void;

/** Other budgets, watched by somebody. */
export class ObservedBudgets implements ActualBudgets {
  readonly #budgets: ActualBudgets;
  readonly #onError: OnActualError;

  constructor(budgets: ActualBudgets, onError: OnActualError) {
    this.#budgets = budgets;
    this.#onError = onError;
  }

  list(): readonly BudgetSummary[] {
    return this.#budgets.list();
  }

  sync(budgetId: string, options: CallOptions): Promise<SyncResult> {
    return this.#observed('sync', this.#budgets.sync(budgetId, options));
  }

  readBatch(budgetId: string, batch: BatchSelection, options: CallOptions): Promise<BatchReading> {
    return this.#observed('read_batch', this.#budgets.readBatch(budgetId, batch, options));
  }

  readHistory(budgetId: string, options: CallOptions): Promise<readonly CategorisedTransaction[]> {
    return this.#observed('read_history', this.#budgets.readHistory(budgetId, options));
  }

  unknownTransactions(
    budgetId: string,
    transactionIds: readonly string[],
  ): Promise<readonly string[] | null> {
    return this.#budgets.unknownTransactions(budgetId, transactionIds);
  }

  uncategorized(budgetId: string, query: UncategorizedQuery): Promise<Uncategorized | null> {
    return this.#budgets.uncategorized(budgetId, query);
  }

  close(): Promise<void> {
    return this.#budgets.close();
  }

  async #observed<T>(operation: BudgetOperation, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ActualError) this.#onError(operation, error.failure.code);
      throw error;
    }
  }
}
