import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { chooseBudget } from '../src/application/choose-budget.js';
import { Budget } from './budget.js';
import { invalidInput, refused } from './coded-error.js';
import type { Context } from './context.js';
import { checkPageSize } from './page-size.js';
import { UncategorizedConnection } from './uncategorized-transaction.js';

const maxUncategorized = 500;
const maxSearchLength = 200;

@Resolver()
export class BudgetResolver {
  @Query(() => [Budget], { description: 'The budgets that jobs can be started for.' })
  budgets(@Ctx() { budgets, viewerId }: Context): readonly Budget[] {
    return budgets.list(viewerId);
  }

  @Query(() => UncategorizedConnection, {
    nullable: true,
    description:
      'What suggestions can be asked for, as of the last sync. Null where that cannot be told within some seconds: the budget was never synced, or a job is using it. Refuses with MISSING_INPUT, INVALID_INPUT or UNKNOWN_BUDGET.',
  })
  async uncategorized(
    @Arg('budgetId', () => ID, {
      nullable: true,
      description: 'Of which budget; may be left out where there is one.',
    })
    budgetId: string | null,
    @Arg('search', () => String, {
      nullable: true,
      description: 'In payee, notes, account or amount; at most 200 characters. All where it is left out.',
    })
    search: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: 'From 1 to 500.' })
    first: number | null,
    @Ctx() { budgets, viewerId }: Context,
  ): Promise<UncategorizedConnection | null> {
    const budgetIds = budgets.list(viewerId).map(({ id }) => id);
    const chosen = chooseBudget(budgetIds, budgetId ?? undefined);
    if (typeof chosen !== 'string') throw refused(chosen);
    const text = search ?? '';
    if (text.length > maxSearchLength) {
      throw invalidInput(`search must have at most ${maxSearchLength} characters.`);
    }
    const limit = checkPageSize(first, 100, maxUncategorized);
    const found = await budgets.uncategorized(chosen, { search: text, limit });
    if (!found) return null;
    const nodes = found.transactions.map(({ id, ...facts }) => ({ transactionId: id, ...facts }));
    return { nodes, totalCount: found.count };
  }
}
