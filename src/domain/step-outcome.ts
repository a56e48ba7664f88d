import { z } from 'zod';

/** One category suggested for one transaction. `amount` is in cents, negative is spending. */
const suggestionSchema = z.object({
  transactionId: z.string(),
  /** 'YYYY-MM-DD' */
  date: z.string(),
  payee: z.string().nullable(),
  amount: z.number().int(),
  categoryId: z.string(),
  categoryName: z.string(),
  source: z.enum(['HISTORY', 'MODEL']),
  /** 0 to 1: how often suggestions of this kind are expected to be right. */
  confidence: z.number().min(0).max(1),
  /** One or two sentences that say why, with the evidence. */
  rationale: z.string(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

/** A transaction that was looked at and got no suggestion, for who has to choose its category. */
const unansweredTransactionSchema = suggestionSchema.pick({
  transactionId: true,
  date: true,
  payee: true,
  amount: true,
});
export type UnansweredTransaction = z.infer<typeof unansweredTransactionSchema>;

/**
 * What a running step has already achieved and need not do again: one answered batch of suggestions.
 * `batch` counts from 1 within the step, over all its attempts. `requested` is the whole step's number of
 * transactions, as it was known then.
 */
export const stepProgressSchema = z.object({
  kind: z.literal('SUGGESTIONS'),
  batch: z.number().int().min(1),
  requested: z.number().int().min(0),
  suggestions: z.array(suggestionSchema).readonly(),
  /** Ids of the transactions that were looked at and got no suggestion. */
  unanswered: z.array(z.string()).readonly(),
  /** Of those, what the budget tells of the ones that it has. Left out where there is none, and by versions that kept ids alone. */
  unansweredTransactions: z.array(unansweredTransactionSchema).readonly().optional(),
  /** Of those, the ones that a model was asked about in vain: it gave no answer that could be used. Left out where none was asked. */
  unusable: z.number().int().min(0).optional(),
  /** Null where no model was asked. */
  model: z.string().nullable(),
  inputTokens: z.number().int().min(0),
  outputTokens: z.number().int().min(0),
});
export type StepProgress = z.infer<typeof stepProgressSchema>;

/** Two parts that say the same together, for where one is too large; null where it cannot be divided. */
export function halvesOf<P extends Omit<StepProgress, 'batch'>>(progress: P): readonly [P, P] | null {
  const { suggestions, unanswered, unansweredTransactions } = progress;
  const count = suggestions.length + unanswered.length;
  if (count < 2) return null;
  const half = Math.ceil(count / 2);
  const ofSuggestions = Math.min(half, suggestions.length);
  const ofUnanswered = half - ofSuggestions;
  const left = (ids: readonly string[]) => ({
    unanswered: ids,
    ...(unansweredTransactions && {
      unansweredTransactions: unansweredTransactions.filter((it) => ids.includes(it.transactionId)),
    }),
  });
  const first = {
    ...progress,
    suggestions: suggestions.slice(0, ofSuggestions),
    ...left(unanswered.slice(0, ofUnanswered)),
  };
  // What was spent was spent once.
  const second = {
    ...progress,
    suggestions: suggestions.slice(ofSuggestions),
    ...left(unanswered.slice(ofUnanswered)),
    ...(progress.unusable !== undefined && { unusable: 0 }),
    inputTokens: 0,
    outputTokens: 0,
  };
  return [first, second];
}

export const syncResultSchema = z.object({
  kind: z.literal('SYNC'),
  messagesReceived: z.number().int().min(0),
  messagesSent: z.number().int().min(0),
  transactionsChanged: z.number().int().min(0),
  /** Names of the accounts whose transactions changed, in alphabetical order. */
  accountsTouched: z.array(z.string()).readonly(),
  durationMs: z.number().int().min(0),
});
export type SyncResult = z.infer<typeof syncResultSchema>;

const suggestionsResultSchema = z.object({
  kind: z.literal('SUGGESTIONS'),
  /** Transactions in the batch. */
  requested: z.number().int().min(0),
  suggested: z.number().int().min(0),
  fromHistory: z.number().int().min(0),
  fromModel: z.number().int().min(0),
  unanswered: z.number().int().min(0),
  /** Of those, the ones that a model was asked about in vain: it gave no answer that could be used. Left out where none was asked. */
  unusable: z.number().int().min(0).optional(),
  /** Null where no model was asked. */
  model: z.string().nullable(),
  inputTokens: z.number().int().min(0),
  outputTokens: z.number().int().min(0),
  /** Of these tokens, in whatever currency the prices are configured in; left out where they are not. */
  cost: z.number().min(0).optional(),
});
export type SuggestionsResult = z.infer<typeof suggestionsResultSchema>;

/** What a step that succeeded leaves behind. */
export const stepResultSchema = z.discriminatedUnion('kind', [syncResultSchema, suggestionsResultSchema]);
export type StepResult = z.infer<typeof stepResultSchema>;
