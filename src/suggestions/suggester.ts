import type { StepProgress } from '../domain/step-outcome.js';

/** A transaction without a category. `amount` is in cents, negative is spending; `date` is 'YYYY-MM-DD'. */
export interface Transaction {
  readonly id: string;
  readonly date: string;
  readonly amount: number;
  /** The payee's name in the budget, or the text that the bank sent where there is none. */
  readonly payee: string | null;
  readonly importedPayee: string | null;
  readonly notes: string | null;
  readonly accountName: string;
}

/** A transaction of the budget's own history that somebody has given a category. */
export interface CategorisedTransaction extends Transaction {
  readonly categoryId: string;
}

/** A category that exists, is visible and can be chosen. */
export interface Category {
  readonly id: string;
  readonly name: string;
  readonly groupName: string;
}

export interface SuggestionRequest {
  /** On whose account a model is asked. */
  readonly jobId: string;
  /** What to suggest for, in the order in which answers are wanted. */
  readonly transactions: readonly Transaction[];
  readonly categories: readonly Category[];
  /** Oldest first. */
  readonly history: readonly CategorisedTransaction[];
  readonly signal: AbortSignal;
}

/** The answers for some of the transactions; each transaction of a request is in one batch, once, unless it ends with an error. */
export type SuggestedBatch = Pick<
  StepProgress,
  'suggestions' | 'unanswered' | 'unusable' | 'model' | 'inputTokens' | 'outputTokens'
>;

/** Suggests categories. What it can't say surely enough it leaves unanswered. */
export interface Suggester {
  /** @throws SuggestionFaultError while iterating: some transactions were not looked at */
  suggest(request: SuggestionRequest): AsyncIterable<SuggestedBatch>;
}
