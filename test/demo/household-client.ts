import * as api from '@actual-app/api';
import type { Demo } from '../../src/demo/demo.js';

export interface Row {
  readonly id: string;
  /** YYYYMMDD */
  readonly date: number;
  readonly amount: number;
  readonly importedPayee: string | null;
  readonly category: string | null;
  readonly account: string;
  readonly isParent: 0 | 1;
  readonly isChild: 0 | 1;
  readonly transferId: string | null;
  readonly isStart: 0 | 1;
}

const ROWS = `
  SELECT t.id, t.date, CAST(t.amount AS INTEGER) AS amount, t.imported_payee AS importedPayee, t.category,
    a.name AS account, t.is_parent AS isParent, t.is_child AS isChild, t.transfer_id AS transferId,
    ifnull(t.starting_balance_flag, 0) AS isStart
  FROM v_transactions_internal_alive t JOIN accounts a ON a.id = t.account ORDER BY t.id`;

/** What somebody sees who uses the demo's budget. One at a time in a process: the library is global. */
export async function openHousehold(
  { url, password, syncIds }: Pick<Demo, 'url' | 'password' | 'syncIds'>,
  dataDir: string,
) {
  // In tests the library leaves out some of what it does.
  process.env.NODE_ENV = 'production';
  const lib = await api.init({ dataDir, serverURL: url, password, verbose: false });
  await api.downloadBudget(syncIds[0] ?? '');
  return {
    sync: () => api.sync(),
    accounts: () => api.getAccounts(),
    categoryGroups: () => api.getCategoryGroups(),
    budgets: () => api.getBudgets(),
    /** All that there are, a split as one and its parts. */
    rows: () => lib.db.runQuery<Row>(ROWS, [], true),
    close: () => api.shutdown(),
  };
}

export type HouseholdClient = Awaited<ReturnType<typeof openHousehold>>;
