import type * as Api from '@actual-app/api';
import type { Purchase } from './household.js';

/** Writes them, oldest first, into the budget that is open. */
export async function recordPurchases(api: typeof Api, purchases: readonly Purchase[]): Promise<void> {
  const categories = await api.getCategories();
  // One that somebody has renamed or deleted is left out.
  const category = (name: string | null) => {
    const id = categories.find((one) => one.name === name)?.id;
    return id === undefined ? {} : { category: id };
  };
  for (const { id, name } of await api.getAccounts()) {
    const rows = purchases
      .filter(({ account }) => account === name)
      .map((purchase) => ({
        date: purchase.date,
        amount: purchase.amount,
        payee_name: purchase.payee,
        imported_payee: purchase.importedPayee,
        ...category(purchase.category),
        subtransactions: purchase.parts.map((part) => ({ amount: part.amount, ...category(part.category) })),
      }));
    // Of one day, the first row is shown as the latest.
    await api.addTransactions(id, rows.reverse(), { runTransfers: false });
  }
}
