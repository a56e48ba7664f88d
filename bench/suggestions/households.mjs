import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

const columns = ['date', 'payee', 'notes', 'amount_cents', 'account', 'category'];

/**
 * The households in a folder: each `.csv` is one, oldest rows first. Where it has several accounts, they may be those of
 * one household or households of their own, which no column says: so each of them is one, too.
 *
 * Columns: date (YYYY-MM-DD), payee, notes, amount_cents (negative is spending), account, category.
 *
 * @returns {readonly { name: string, parts: readonly (readonly object[])[], isPart?: true }[]} what is measured together
 * @throws Error a file has not these columns, or a row cannot be read
 */
export function householdsIn(folder) {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.csv'))
    .sort();
  return files.flatMap((file) => {
    const name = path.basename(file, '.csv');
    const rows = rowsOf(path.join(folder, file));
    const accounts = [...new Set(rows.map(({ accountName }) => accountName))].sort();
    const whole = { name, parts: [rows] };
    if (accounts.length === 1) return [whole];
    const parts = accounts.map((account) => rows.filter(({ accountName }) => accountName === account));
    const each = accounts.map((account, index) => ({
      ...{ name: `${name} / ${account}`, parts: [parts[index]], isPart: true },
    }));
    return [whole, { name: `${name} / each account a household`, parts }, ...each];
  });
}

function rowsOf(file) {
  const records = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });
  const missing = columns.filter((column) => !(column in (records[0] ?? {})));
  if (missing.length > 0) throw new Error(`${file} has no column ${missing.join(', ')}`);
  const rows = records.map((record, index) => ({
    id: `${path.basename(file)}:${index + 2}`,
    date: record.date,
    payee: record.payee === '' ? null : record.payee,
    importedPayee: null,
    notes: record.notes === '' ? null : record.notes,
    amount: Number(record.amount_cents),
    accountName: record.account,
    categoryId: record.category,
  }));
  const wrong = rows.find((row) => !/^\d{4}-\d\d-\d\d$/.test(row.date) || !Number.isSafeInteger(row.amount));
  if (wrong) throw new Error(`${wrong.id}: the date or the amount cannot be read`);
  return rows.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
