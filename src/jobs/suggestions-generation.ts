import type { BatchReading } from '../actual/actual-budgets.js';
import type { JobDefinition } from '../application/job-definition.js';
import { StepFailedError, type StepContext } from '../application/step-handler.js';
import { failure } from '../domain/failure.js';
import type { Batch } from '../domain/job-request.js';
import type { StepProgress, SuggestionsResult, UnansweredTransaction } from '../domain/step-outcome.js';
import { costOf, type TokenPrices } from '../suggestions/model/token-cost.js';
import { shownText } from '../suggestions/shown-text.js';
import type { Transaction } from '../suggestions/suggester.js';
import { SuggestionFaultError } from '../suggestions/suggestion-fault-error.js';
import { orStepFailure, type Services, type StepDefinition } from './step-definition.js';

export const suggestionsStep = {
  type: 'SUGGESTIONS_GENERATION',
  description: 'Suggests a category for each transaction of a batch.',
  needsBatch: true,
  run: suggest,
} satisfies StepDefinition;

export const suggestionsGeneration = {
  type: 'SUGGESTIONS_GENERATION',
  description: suggestionsStep.description,
  steps: [suggestionsStep],
} satisfies JobDefinition;

type Answered = Omit<StepProgress, 'batch'>;

async function suggest(context: StepContext, services: Services): Promise<SuggestionsResult> {
  const { budgetId, signal } = context;
  const { budgets, suggester, maxBatchTransactions, tokenPrices } = services;
  const { batch } = context.input;
  if (!batch) throw new StepFailedError(failure('BATCH_EMPTY'));
  const selection = 'transactionIds' in batch ? batch : { ...batch, limit: maxBatchTransactions };
  const reading = await orStepFailure(budgets.readBatch(budgetId, selection, { signal }));
  const answered: Answered[] = [...context.progress];
  const known = new Set(answered.flatMap(idsOf));
  const open = reading.transactions.filter(({ id }) => !known.has(id));
  if (open.length === 0 && answered.length === 0) throw nothingToDo(batch, reading);
  const unusable = unusableOf(reading).filter((id) => !known.has(id));
  const requested = known.size + open.length + unusable.length;
  const record = async (part: Omit<Answered, 'kind' | 'requested'>) => {
    const unansweredTransactions = unansweredOf(part.unanswered, reading.transactions);
    const progress = {
      kind: 'SUGGESTIONS' as const,
      requested,
      ...part,
      ...(unansweredTransactions.length > 0 && { unansweredTransactions }),
    };
    await context.advance(progress);
    answered.push(progress);
  };
  if (unusable.length > 0) {
    await record({ suggestions: [], unanswered: unusable, model: null, inputTokens: 0, outputTokens: 0 });
  }
  if (open.length > 0) {
    const history = await orStepFailure(budgets.readHistory(budgetId, { signal }));
    const { categories } = reading;
    const request = { jobId: context.jobId, transactions: open, categories, history, signal };
    try {
      for await (const part of suggester.suggest(request)) await record(part);
    } catch (error) {
      if (!(error instanceof SuggestionFaultError)) throw error;
      const { failure: why, retryAfterMs } = error;
      const failed = new StepFailedError(why, { cause: error, retryAfterMs });
      // What would be asked again is asked again; otherwise a likely answer is better than none.
      if (context.isFinal(failed)) for (const part of error.likely) await record(part);
      throw failed;
    }
  }
  return summaryOf(answered, tokenPrices);
}

/** Transactions that were asked for and cannot be given a category: they stay unanswered. */
function unusableOf({ ineligible, unknown }: BatchReading): readonly string[] {
  return [...ineligible, ...unknown];
}

/** What whoever has to choose a category needs to find them by. */
function unansweredOf(
  ids: readonly string[],
  transactions: readonly Transaction[],
): readonly UnansweredTransaction[] {
  const left = new Set(ids);
  return transactions
    .filter(({ id }) => left.has(id))
    .map(({ id, date, payee, amount }) => ({
      transactionId: id,
      date,
      payee: payee === null ? null : shownText(payee, 200),
      amount,
    }));
}

function nothingToDo(batch: Batch, { ineligible }: BatchReading): StepFailedError {
  if (!('transactionIds' in batch)) return new StepFailedError(failure('BATCH_EMPTY'));
  const action = 'Choose transactions that have no category yet and are neither transfers nor split parents.';
  const message =
    ineligible.length > 0
      ? 'None of the chosen transactions can be given a category.'
      : 'The budget has none of the chosen transactions.';
  return new StepFailedError(failure('BATCH_EMPTY', { message, action }));
}

function idsOf({ suggestions, unanswered }: Answered): readonly string[] {
  return [...suggestions.map(({ transactionId }) => transactionId), ...unanswered];
}

function summaryOf(answered: readonly Answered[], prices: TokenPrices | undefined): SuggestionsResult {
  const suggestions = answered.flatMap((part) => part.suggestions);
  const unanswered = sum(answered, (part) => part.unanswered.length);
  const fromHistory = suggestions.filter(({ source }) => source === 'HISTORY').length;
  const model = answered.find((part) => part.model !== null)?.model ?? null;
  const inputTokens = sum(answered, (part) => part.inputTokens);
  const outputTokens = sum(answered, (part) => part.outputTokens);
  return {
    kind: 'SUGGESTIONS',
    requested: suggestions.length + unanswered,
    suggested: suggestions.length,
    fromHistory,
    fromModel: suggestions.length - fromHistory,
    unanswered,
    ...(model !== null && { unusable: sum(answered, (part) => part.unusable ?? 0) }),
    model,
    inputTokens,
    outputTokens,
    ...(model !== null && prices && { cost: costOf({ inputTokens, outputTokens }, prices) }),
  };
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
