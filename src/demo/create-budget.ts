import type * as Api from '@actual-app/api';
import { household, type Household } from './household.js';
import { accounts, categoryGroups } from './household-plan.js';
import { recordPurchases } from './record-purchases.js';

type Rows = Parameters<typeof Api.addTransactions>[1];

/**
 * Creates the household's budget and uploads it. Expects that neither this device nor the server has another
 * one. Resolves with its Sync ID.
 */
export async function createBudget(
  api: typeof Api,
  { today, seed }: { readonly today: string; readonly seed: number },
): Promise<string> {
  await api.runImport('Demo household', () => record(api, household(today, seed)));
  const [budget] = await api.getBudgets();
  // Otherwise the library was content with a budget on this device alone.
  if (!budget?.groupId) throw new Error('The budget was not uploaded');
  return budget.groupId;
}

async function record(api: typeof Api, { since, purchases, transfers }: Household): Promise<void> {
  for (const group of categoryGroups) {
    const groupId = await api.createCategoryGroup({ name: group.name });
    // Each new one stands before the others.
    for (const name of group.categories.toReversed()) await api.createCategory({ name, group_id: groupId });
  }
  const startingBalances = await api.getIDByName('categories', 'Starting Balances');
  for (const { name, startingBalance } of accounts) {
    const id = await api.createAccount({ name });
    const start = {
      date: since,
      amount: startingBalance,
      payee_name: 'Starting Balance',
      category: startingBalances,
      starting_balance_flag: true,
    };
    await api.addTransactions(id, [start], {});
  }
  await recordPurchases(api, purchases);

  const payees = await api.getPayees();
  for (const from of await api.getAccounts()) {
    const rows: Rows = [];
    for (const { date, to, amount } of transfers.filter((transfer) => transfer.from === from.name)) {
      const toId = await api.getIDByName('accounts', to);
      const payee = payees.find(({ transfer_acct }) => transfer_acct === toId)?.id ?? null;
      rows.push({ date, amount: -amount, payee });
    }
    await api.addTransactions(from.id, rows, { runTransfers: true });
  }
}
