/** The budgets that each user may use, by id; '*': all. Who is not named may use none. */
export type BudgetAccess = ReadonlyMap<string, '*' | readonly string[]>;

/** @param access undefined: everybody may use all */
export function mayUse(access: BudgetAccess | undefined, userId: string, budgetId: string): boolean {
  if (!access) return true;
  const allowed = access.get(userId) ?? [];
  return allowed === '*' || allowed.includes(budgetId);
}
