import type * as Api from '@actual-app/api';
import { newPurchases } from './household.js';
import { recordPurchases } from './record-purchases.js';

/** Adds some purchases of today to the budget, which is downloaded where this device has no copy. Nothing is sent. */
export async function addPurchases(
  api: typeof Api,
  task: { readonly today: string; readonly seed: number; readonly syncId: string },
): Promise<string> {
  const { today, seed, syncId } = task;
  const copy = (await api.getBudgets()).find((budget) => budget.groupId === syncId && budget.id);
  if (copy?.id) await api.loadBudget(copy.id);
  else await api.downloadBudget(syncId);
  await recordPurchases(api, newPurchases(today, seed));
  return syncId;
}
