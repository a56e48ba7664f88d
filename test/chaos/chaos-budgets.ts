import { randomUUID } from 'node:crypto';
import type { ActualDevice, DeviceBudget, DeviceTransaction } from '../support/actual-device.js';

/** A budget on the Actual server. */
export interface ChaosBudget {
  readonly id: string;
  /** Of the transactions without a category, some of which history cannot answer. */
  readonly openTransactionIds: readonly string[];
}

const account = 'Current account';
const known: readonly (readonly [payee: string, category: string])[] = [
  ['LIDL', 'Groceries'],
  ['Shell', 'Fuel'],
];
const unknownPayees = 50;

/**
 * Makes budgets, and tells which transaction a model is asked about: no two of them have one amount, in whatever budget.
 */
export async function makeBudgets(
  device: ActualDevice,
  count: number,
): Promise<{ readonly budgets: readonly ChaosBudget[]; readonly idByAmount: ReadonlyMap<number, string> }> {
  const budgets: ChaosBudget[] = [];
  const idByAmount = new Map<number, string>();
  for (let n = 0; n < count; n++) {
    const open = openTransactions(n);
    for (const { id, amount } of open) idByAmount.set(amount, id);
    const id = await device.createBudget(budgetWith(n, open));
    budgets.push({ id, openTransactionIds: open.map((transaction) => transaction.id) });
  }
  return { budgets, idByAmount };
}

type OpenTransaction = DeviceTransaction & { readonly id: string };

function openTransactions(n: number): readonly OpenTransaction[] {
  const payees = [
    ...known.flatMap(([payee]) => Array.from({ length: 5 }, () => payee)),
    ...Array.from(
      { length: unknownPayees },
      (_, index) => `Stall ${String.fromCharCode(65 + (index % 26))}${index}`,
    ),
  ];
  return payees.map((payee_name, index) => ({
    id: randomUUID(),
    date: '2025-12-20',
    amount: -(100_000 * (n + 1) + index),
    payee_name,
  }));
}

function budgetWith(n: number, open: readonly OpenTransaction[]): DeviceBudget {
  const learnt = known.flatMap(([payee_name, category], index) =>
    Array.from({ length: 12 }, (_, month) => ({
      date: `2025-${String(month + 1).padStart(2, '0')}-05`,
      amount: -1_000 * (index + 1) - month,
      payee_name,
      category,
    })),
  );
  return {
    name: `Chaos ${n + 1}`,
    categoryGroups: [{ name: 'Everyday', categories: [...known.map(([, category]) => category), 'Fun'] }],
    accounts: [{ name: account, transactions: [...learnt, ...open] }],
  };
}
