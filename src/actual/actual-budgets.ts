import type { Failure } from '../domain/failure.js';
import type { SyncResult } from '../domain/step-outcome.js';
import type { CategorisedTransaction, Category, Transaction } from '../suggestions/suggester.js';

/**
 * The budgets of one Actual server, as the jobs use them. Every method that talks to Actual rejects with an
 * `ActualError` whose failure can be shown to a user, and ends soon after `signal` is aborted.
 */
export interface ActualBudgets {
  /** Those that are configured, in the order of the configuration; the name is the last one known. */
  list(): readonly BudgetSummary[];

  /** Syncs a budget both ways; downloads it first where there is no local copy. */
  sync(budgetId: string, options: CallOptions): Promise<SyncResult>;

  /**
   * What a suggestions step needs, from the local copy; downloads it first where there is none. Of the
   * batch, `transactions` holds those that exist and can be given a category, `ineligible` the ids of those
   * that exist and cannot (has a category, split parent, transfer, off budget, closed account, starting
   * balance), `unknown` those that do not exist.
   */
  readBatch(budgetId: string, batch: BatchSelection, options: CallOptions): Promise<BatchReading>;

  /** All transactions with a category, oldest first, for suggesting from. */
  readHistory(budgetId: string, options: CallOptions): Promise<readonly CategorisedTransaction[]>;

  /**
   * Those of the ids that the local copy does not have; null where that can't be found out within some
   * seconds: there is no copy yet, or it is in use. Never talks to the server, never rejects.
   */
  unknownTransactions(budgetId: string, transactionIds: readonly string[]): Promise<readonly string[] | null>;

  /**
   * Those that a suggestion can be asked for, as of the last sync; null where that can't be found out within some seconds,
   * as above. Never talks to the server, never rejects.
   */
  uncategorized(budgetId: string, query: UncategorizedQuery): Promise<Uncategorized | null>;

  /** Ends what runs; resolves when no process of a budget is left. */
  close(): Promise<void>;
}

export interface BudgetSummary {
  /** The Sync ID. */
  readonly id: string;
  readonly name: string;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** `limit`: with `allUncategorized`, at most this many, the newest. */
export type BatchSelection =
  | { readonly transactionIds: readonly string[] }
  | { readonly allUncategorized: true; readonly limit: number };

export interface UncategorizedQuery {
  /** In payee, notes, account or amount, whatever its case and accents; empty: all. */
  readonly search: string;
  readonly limit: number;
}

export interface Uncategorized {
  /** At most as many as `limit` says, newest first; of texts what fits into a line. */
  readonly transactions: readonly Pick<Transaction, 'id' | 'date' | 'payee' | 'amount' | 'accountName'>[];
  /** Of all that are found. */
  readonly count: number;
}

export interface BatchReading {
  readonly transactions: readonly Transaction[];
  readonly ineligible: readonly string[];
  readonly unknown: readonly string[];
  /** Live and visible ones only. */
  readonly categories: readonly Category[];
}

/** What went wrong with Actual, as a failure that a user can read; `cause` is for the log only. */
export class ActualError extends Error {
  constructor(
    readonly failure: Failure,
    options: ErrorOptions & {
      /** The server said when to come back. */
      readonly retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(failure.message, options);
    this.name = 'ActualError';
    this.retryAfterMs = options.retryAfterMs;
  }

  readonly retryAfterMs: number | undefined;
}
