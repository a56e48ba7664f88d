import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { stepProgressSchema } from '../../src/domain/step-outcome.js';
import { HistorySuggester } from '../../src/suggestions/history-suggester.js';
import type { Category } from '../../src/suggestions/suggester.js';
import {
  batchesOf,
  bookings,
  categories,
  categorised,
  gifts,
  groceries,
  transaction,
  transport,
} from './budget.js';

const suggester = new HistorySuggester();

/** LIDL is nearly always groceries, Shell always transport. */
const history = [
  categorised(gifts, { date: '2026-10-01', amount: -5000 }),
  ...bookings(14, groceries),
  ...bookings(12, transport, { payee: 'Shell' }),
].sort((a, b) => (a.date < b.date ? -1 : 1));

describe('what the history answers surely', () => {
  it('is suggested with the counts that speak for it', async () => {
    const [batch] = await batchesOf(suggester, { history });
    expect(batch?.suggestions).toEqual([
      {
        transactionId: 'new',
        date: '2026-11-10',
        payee: 'LIDL',
        amount: -1234,
        categoryId: 'groceries',
        categoryName: 'Groceries',
        source: 'HISTORY',
        confidence: expect.closeTo(0.97, 1) as number,
        rationale: '14 of 15 earlier LIDL transactions were Groceries, last on 3 November 2026.',
      },
    ]);
    expect(batch).toMatchObject({ unanswered: [], model: null, inputTokens: 0, outputTokens: 0 });
  });

  it('follows a habit that changed', async () => {
    const before = bookings(30, groceries).map((old) => ({ ...old, date: `2025${old.date.slice(4)}` }));
    const [batch] = await batchesOf(suggester, { history: [...before, ...bookings(8, gifts)] });
    expect(batch?.suggestions[0]).toMatchObject({
      categoryId: 'gifts',
      rationale:
        '8 of 38 earlier LIDL transactions were Gifts, last on 3 November 2026; newer ones count for more.',
    });
  });

  it('tells apart by the amount what one payee is paid for', async () => {
    const mixed = bookings(24, groceries, { payee: 'Amazon' }).map((old, index) =>
      index % 2 === 0 ? old : { ...old, amount: -899, categoryId: gifts.id },
    );
    const [batch] = await batchesOf(suggester, {
      history: mixed,
      transactions: [transaction({ payee: 'Amazon', amount: -899 })],
    });
    expect(batch?.suggestions[0]).toMatchObject({
      categoryId: 'gifts',
      rationale:
        'All 12 earlier Amazon transactions of exactly this amount were Gifts, last on 3 November 2026. ' +
        'Of any amount it was 12 of 24.',
    });
  });

  it('draws for a refund on what was paid', async () => {
    const [batch] = await batchesOf(suggester, {
      history,
      transactions: [transaction({ payee: 'Shell', amount: 2000 })],
    });
    expect(batch?.suggestions[0]).toMatchObject({
      categoryId: 'transport',
      rationale: expect.stringMatching(
        /^Shell has no earlier incoming transactions. All 12 earlier .+ were Transport, last on 3 November 2026\.$/,
      ) as string,
    });
  });

  it('keeps what a payee pays apart from what it is paid', async () => {
    const both = [
      ...bookings(10, groceries, { payee: 'Town hall' }),
      ...bookings(10, gifts, { payee: 'Town hall', amount: 5000 }),
    ];
    const transactions = [-700, 700].map((amount) => transaction({ payee: 'Town hall', amount }));
    const [batch] = await batchesOf(suggester, { history: both, transactions });
    expect(batch?.suggestions.map(({ categoryId, rationale }) => [categoryId, rationale])).toEqual([
      [
        'groceries',
        'All 10 earlier outgoing Town hall transactions were Groceries, last on 3 November 2026.',
      ],
      ['gifts', 'All 10 earlier incoming Town hall transactions were Gifts, last on 3 November 2026.'],
    ]);
  });
});

describe('what the history does not answer surely', () => {
  it('stays unanswered where there is no history', async () => {
    expect(await batchesOf(suggester, {})).toMatchObject([{ suggestions: [], unanswered: ['new'] }]);
  });

  it('stays unanswered where the payee is new and nothing resembles it', async () => {
    const transactions = [transaction({ payee: 'Quux', amount: 99_999, accountName: 'Other' })];
    const [batch] = await batchesOf(suggester, { history, transactions });
    expect(batch).toMatchObject({ suggestions: [], unanswered: ['new'] });
  });

  it('stays unanswered where the payee was given one category as often as another', async () => {
    const undecided = bookings(20, groceries).map((old, index) =>
      index % 2 === 0 ? old : { ...old, categoryId: gifts.id },
    );
    const [batch] = await batchesOf(suggester, { history: undecided });
    expect(batch).toMatchObject({ suggestions: [], unanswered: ['new'] });
  });

  it('stays unanswered where a single transaction is all that is known, and it was of another payee', async () => {
    const [batch] = await batchesOf(suggester, {
      history: [categorised(transport, { payee: 'Shell' })],
    });
    expect(batch).toMatchObject({ suggestions: [], unanswered: ['new'] });
  });
});

describe('a category that cannot be chosen', () => {
  it('is not suggested, nor is another one in its place', async () => {
    const [batch] = await batchesOf(suggester, { history, categories: [transport, gifts] });
    expect(batch).toMatchObject({ suggestions: [], unanswered: ['new'] });
  });

  it('does not keep the chosen ones from being suggested for other payees', async () => {
    const transactions = [transaction({ payee: 'Shell' })];
    const [batch] = await batchesOf(suggester, { history, categories: [transport, gifts], transactions });
    expect(batch?.suggestions).toMatchObject([{ categoryId: 'transport' }]);
  });
});

describe('the batches', () => {
  const many = Array.from({ length: 120 }, (_, index) => transaction({ id: `new-${index}` }));

  it('hold at most 50 transactions, in the order that was asked for', async () => {
    const batches = await batchesOf(suggester, { history, transactions: many });
    const ids = batches.map(({ suggestions }) => suggestions.map(({ transactionId }) => transactionId));
    expect(ids.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(ids.flat()).toEqual(many.map(({ id }) => id));
  });

  it('are none where nothing was asked for', async () => {
    expect(await batchesOf(suggester, { history, transactions: [] })).toEqual([]);
  });

  it('stay far below 1 MiB as events, whatever the texts are', async () => {
    const payee = '\u{1f6d2}"'.repeat(5_000);
    const named: Category = { ...groceries, name: '\u{1f34e}"'.repeat(5_000) };
    const [batch] = await batchesOf(suggester, {
      categories: [named],
      history: bookings(20, named, { payee }),
      transactions: many.map((each) => ({ ...each, payee })),
    });
    expect(batch?.suggestions).toHaveLength(50);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(256 * 1024);
  });

  it('are what a step can record', async () => {
    const transactions = [...many, transaction({ id: 'odd', payee: '\ud800\u0000' })];
    for (const [index, part] of (await batchesOf(suggester, { history, transactions })).entries()) {
      const progress = { kind: 'SUGGESTIONS', batch: index + 1, requested: transactions.length, ...part };
      expect(stepProgressSchema.parse(progress)).toEqual(progress);
    }
  });

  it('let others have their turn in between', async () => {
    const signal = new AbortController().signal;
    const batches = suggester.suggest({ jobId: 'job-1', transactions: many, categories, history, signal });
    const seen: string[] = [];
    for (let batch = 1; batch <= 3; batch += 1) {
      const others = nextTurn().then(() => seen.push('others'));
      await batches.next().then(() => seen.push('batch'));
      await others;
    }
    expect(seen).toEqual(['others', 'batch', 'others', 'batch', 'others', 'batch']);
  });
});

describe('a long history', () => {
  /** Tells how much of it has been looked at. */
  function watched(length: number) {
    const [old] = bookings(1, groceries);
    let looks = 0;
    const rows = Array.from({ length }, (_, index) => ({
      ...(old ?? categorised(groceries)),
      get payee() {
        looks += 1;
        return `Payee ${index % 500}`;
      },
    }));
    return { rows, looks: () => looks };
  }

  it('is learnt in pieces, so that others have their turn', async () => {
    const { rows, looks } = watched(30_000);
    const batches = batchesOf(suggester, { history: rows });
    await nextTurn();
    const looksAtFirstTurn = looks();
    await batches;
    expect(looksAtFirstTurn).toBeGreaterThan(0);
    expect(looksAtFirstTurn).toBeLessThan(looks() / 2);
  });

  it('is no longer learnt once the signal is aborted', async () => {
    const { rows, looks } = watched(30_000);
    const controller = new AbortController();
    const batches = batchesOf(suggester, { history: rows, signal: controller.signal });
    await nextTurn();
    const reason = new Error('stop');
    controller.abort(reason);
    const looksAtAbort = looks();
    await expect(batches).rejects.toBe(reason);
    expect(looks()).toBe(looksAtAbort);
  });
});

describe('an aborted signal', () => {
  it('is heeded before anything is learnt', async () => {
    const reason = new Error('stop');
    await expect(batchesOf(suggester, { history, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is heeded between the batches', async () => {
    const controller = new AbortController();
    const transactions = Array.from({ length: 60 }, (_, index) => transaction({ id: `new-${index}` }));
    const batches = suggester.suggest({
      ...{ jobId: 'job-1', transactions, categories, history },
      signal: controller.signal,
    });
    expect(await batches.next()).toMatchObject({ done: false });
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(batches.next()).rejects.toBe(reason);
  });
});
