import { shownText } from '../../suggestions/shown-text.js';
import type { CategorisedTransaction, Category, Transaction } from '../../suggestions/suggester.js';
import type { BatchReading, BatchSelection, Uncategorized, UncategorizedQuery } from '../actual-budgets.js';
import type { LocalCopy } from './local-copy.js';

/**
 * Read with SQL over the library's own views, with parameters: its query language writes the ids of a
 * `$oneof` into the SQL as they are. The view leaves out what was deleted; a category or an account that was
 * deleted counts as none.
 */
const COLUMNS = `
  t.id,
  substr(t.date, 1, 4) || '-' || substr(t.date, 5, 2) || '-' || substr(t.date, 7, 2) AS date,
  CAST(t.amount AS INTEGER) AS amount,
  coalesce(nullif(p.name, ''), nullif(t.imported_payee, '')) AS payee,
  t.imported_payee AS importedPayee,
  t.notes,
  coalesce(a.name, '') AS accountName`;

const SOURCE = `
  v_transactions_internal_alive t
  JOIN accounts a ON a.id = t.account AND a.tombstone = 0
  LEFT JOIN payees p ON p.id = t.payee AND p.tombstone = 0
  LEFT JOIN categories c ON c.id = t.category AND c.tombstone = 0`;

/** The parts of a split have categories, the split itself has none; nor has what only moves money. */
const IS_INCOME_OR_SPENDING = `
  t.is_parent = 0 AND ifnull(t.starting_balance_flag, 0) = 0 AND a.offbudget = 0
  AND t.transfer_id IS NULL AND p.transfer_acct IS NULL`;

const NEEDS_CATEGORY = `${IS_INCOME_OR_SPENDING} AND c.id IS NULL AND a.closed = 0`;
const MAX_SHOWN = 200;
const NEWEST_FIRST = 't.date DESC, t.sort_order DESC, t.id';

/** NORMALISE is a function of the library's: without case and accents. */
const HOLDS_TEXT = `
  instr(NORMALISE(
    coalesce(p.name, '') || ' ' || coalesce(t.imported_payee, '') || ' ' || coalesce(t.notes, '') || ' ' ||
    coalesce(a.name, '') || ' ' || printf('%.2f', abs(t.amount) / 100.0)), NORMALISE(?)) > 0`;

export function readBatch(copy: LocalCopy, batch: BatchSelection): BatchReading {
  const categories = readCategories(copy);
  if ('allUncategorized' in batch) {
    const transactions = copy.rows<Transaction>(
      `SELECT ${COLUMNS} FROM ${SOURCE} WHERE ${NEEDS_CATEGORY}
       ORDER BY ${NEWEST_FIRST} LIMIT ?`,
      batch.limit,
    );
    return { transactions, ineligible: [], unknown: [], categories };
  }
  const ids = [...new Set(batch.transactionIds)];
  const found = new Map(
    copy
      .rows<Transaction & { eligible: 0 | 1 }>(
        `SELECT ${COLUMNS}, (${NEEDS_CATEGORY}) AS eligible FROM ${SOURCE}
         WHERE t.id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(ids),
      )
      .map(({ eligible, ...transaction }) => [transaction.id, { eligible: eligible === 1, transaction }]),
  );
  return {
    transactions: ids.flatMap((id) => {
      const row = found.get(id);
      return row?.eligible ? [row.transaction] : [];
    }),
    ineligible: ids.filter((id) => found.get(id)?.eligible === false),
    unknown: ids.filter((id) => !found.has(id)),
    categories,
  };
}

export function readUncategorized(copy: LocalCopy, { search, limit }: UncategorizedQuery): Uncategorized {
  const text = search.trim();
  const rows = copy.rows<Transaction & { count: number }>(
    `SELECT ${COLUMNS}, count(*) OVER () AS count FROM ${SOURCE}
     WHERE ${NEEDS_CATEGORY} ${text === '' ? '' : `AND ${HOLDS_TEXT}`} ORDER BY ${NEWEST_FIRST} LIMIT ?`,
    ...(text === '' ? [] : [text]),
    limit,
  );
  const transactions = rows.map(({ id, date, amount, payee, accountName }) => ({
    ...{ id, date, amount },
    payee: payee === null ? null : shownText(payee, MAX_SHOWN),
    accountName: shownText(accountName, MAX_SHOWN),
  }));
  return { transactions, count: rows[0]?.count ?? 0 };
}

/** All transactions with a category, oldest first. Closed accounts are part of the history. */
export function readHistory(copy: LocalCopy): CategorisedTransaction[] {
  return copy.rows<CategorisedTransaction>(
    `SELECT ${COLUMNS}, c.id AS categoryId FROM ${SOURCE}
     WHERE ${IS_INCOME_OR_SPENDING} AND c.id IS NOT NULL ORDER BY t.date, t.sort_order, t.id`,
  );
}

/** In the order in which Actual shows them. Income ones too: a salary belongs to one. */
function readCategories(copy: LocalCopy): Category[] {
  return copy.rows<Category>(
    `SELECT c.id, c.name, g.name AS groupName FROM categories c
     JOIN category_groups g ON g.id = c.cat_group AND g.tombstone = 0
     WHERE c.tombstone = 0 AND ifnull(c.hidden, 0) = 0 AND ifnull(g.hidden, 0) = 0
     ORDER BY g.is_income, g.sort_order, g.id, c.sort_order, c.id`,
  );
}
