import { refusal, type Refusal } from './refusal.js';

/**
 * The budget that somebody means, of those that they may use. It need not be named where there is one.
 *
 * @returns its id, or `UNKNOWN_BUDGET`, `MISSING_INPUT`
 */
export function chooseBudget(budgetIds: readonly string[], budgetId: string | undefined): string | Refusal {
  if (budgetId !== undefined) {
    return budgetIds.includes(budgetId)
      ? budgetId
      : refusal('UNKNOWN_BUDGET', 'There is no such budget; `budgets` lists those that there are.');
  }
  const [only, ...others] = budgetIds;
  if (only === undefined) return refusal('UNKNOWN_BUDGET', 'There is no budget that you may use.');
  return others.length === 0
    ? only
    : refusal('MISSING_INPUT', 'budgetId is required, because there is more than one budget.');
}
