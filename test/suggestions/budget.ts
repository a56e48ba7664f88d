import type {
  CategorisedTransaction,
  Category,
  SuggestedBatch,
  Suggester,
  SuggestionRequest,
  Transaction,
} from '../../src/suggestions/suggester.js';

/** The categories of a small budget; the id is the name in lower case. */
export const [groceries, transport, gifts] = ['Groceries', 'Transport', 'Gifts'].map(categoryNamed) as [
  Category,
  Category,
  Category,
];
export const categories: readonly Category[] = [groceries, transport, gifts];

function categoryNamed(name: string): Category {
  return { id: name.toLowerCase(), name, groupName: 'Living' };
}

export function transaction(fields: Partial<Transaction> = {}): Transaction {
  return {
    id: 'new',
    date: '2026-11-10',
    amount: -1234,
    payee: 'LIDL',
    importedPayee: null,
    notes: null,
    accountName: 'Joint',
    ...fields,
  };
}

export function categorised(category: Category, fields: Partial<Transaction> = {}): CategorisedTransaction {
  return { ...transaction({ date: '2026-11-03', ...fields }), categoryId: category.id };
}

/** Different amounts, one transaction a day, the last one on 3 November 2026. */
export function bookings(
  count: number,
  category: Category,
  fields: Partial<Transaction> = {},
): readonly CategorisedTransaction[] {
  return Array.from({ length: count }, (_, index) => {
    const daysAgo = count - 1 - index;
    const date = new Date(Date.UTC(2026, 10, 3 - daysAgo)).toISOString().slice(0, 10);
    return categorised(category, { id: `old-${index}`, date, amount: -1000 - 7 * index, ...fields });
  });
}

export async function batchesOf(
  suggester: Suggester,
  request: Partial<SuggestionRequest>,
): Promise<readonly SuggestedBatch[]> {
  const batches: SuggestedBatch[] = [];
  const signal = new AbortController().signal;
  const whole = {
    jobId: 'job-1',
    transactions: [transaction()],
    categories,
    history: [],
    signal,
    ...request,
  };
  for await (const batch of suggester.suggest(whole)) batches.push(batch);
  return batches;
}
