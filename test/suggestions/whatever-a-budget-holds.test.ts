import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CategoryModel } from '../../src/suggestions/category-model.js';
import { HistorySuggester } from '../../src/suggestions/history-suggester.js';
import type {
  CategorisedTransaction,
  Category,
  SuggestedBatch,
  Transaction,
} from '../../src/suggestions/suggester.js';
import type { Suggestion } from '../../src/domain/step-outcome.js';
import { batchesOf, transaction } from './budget.js';

/** Few ids, names and amounts, so that they meet; and odd ones. */
const anyCategoryId = fc.constantFrom('a', 'b', 'c', 'gone');
const anyPayee = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('LIDL', 'Lidl 12', 'Shell', 'Shell Shop', '🛒', 'constructor') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, '', ' ', '\u0000', '\ud800', '…', '__proto__', 'x'.repeat(10_000)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
const anyAmount = fc.oneof(fc.constantFrom(-899, 899, 0), fc.maxSafeInteger());
const anyDate = fc.integer({ min: 1, max: 9 }).map((day) => `2026-11-0${day}`);
const anyName = fc.oneof(fc.constantFrom('', 'Groceries', '\ud800'), fc.string({ unit: 'binary' }));

const anyTransaction: fc.Arbitrary<Transaction> = fc.record({
  id: fc.uuid(),
  date: anyDate,
  amount: anyAmount,
  payee: anyPayee,
  importedPayee: anyPayee,
  notes: anyPayee,
  accountName: fc.constantFrom('Joint', '', 'toString'),
});
const anyHistory: fc.Arbitrary<readonly CategorisedTransaction[]> = fc
  .array(
    fc
      .tuple(anyTransaction, anyCategoryId)
      .map(([transaction, categoryId]) => ({ ...transaction, categoryId })),
    { maxLength: 60 },
  )
  .map(byDate);
const anyCategories: fc.Arbitrary<readonly Category[]> = fc
  .tuple(fc.subarray(['a', 'b', 'c', 'never used']), anyName)
  .map(([ids, name]) => ids.map((id) => ({ id, name, groupName: '' })));
const anyBudget = fc.record({
  transactions: fc.uniqueArray(anyTransaction, { maxLength: 120, selector: ({ id }) => id }),
  history: anyHistory,
  categories: anyCategories,
});

function byDate(history: readonly CategorisedTransaction[]): readonly CategorisedTransaction[] {
  return history.toSorted((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
}

type Budget = typeof anyBudget extends fc.Arbitrary<infer T> ? T : never;

const suggester = new HistorySuggester();

/** Holds for whatever is asked of whatever budget. */
async function always(property: (budget: Budget, batches: readonly SuggestedBatch[]) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyBudget, async (budget) => property(budget, await batchesOf(suggester, budget))),
  );
}

const idsOf = (suggestions: readonly Suggestion[]) => suggestions.map(({ transactionId }) => transactionId);

describe('whatever a budget holds', () => {
  it('gets some suggestions and leaves some unanswered: these properties speak of something', async () => {
    const seen = new Set<string>();
    for (const budget of fc.sample(anyBudget, { numRuns: 50, seed: 7 })) {
      for (const { suggestions, unanswered } of await batchesOf(suggester, budget)) {
        if (suggestions.length > 0) seen.add('suggested');
        if (unanswered.length > 0) seen.add('unanswered');
      }
    }
    expect(seen).toEqual(new Set(['suggested', 'unanswered']));
  });

  it('has each transaction answered once, in batches of the order that was asked for', async () => {
    await always(({ transactions }, batches) => {
      expect(batches).toHaveLength(Math.ceil(transactions.length / 50));
      for (const [index, { suggestions, unanswered }] of batches.entries()) {
        const asked = transactions.slice(50 * index, 50 * (index + 1)).map(({ id }) => id);
        const open = new Set(unanswered);
        expect(unanswered).toEqual(asked.filter((id) => open.has(id)));
        expect(idsOf(suggestions)).toEqual(asked.filter((id) => !open.has(id)));
      }
    });
  });

  it('gets only categories that can be chosen, each with a confidence of at least 0.6 and a reason', async () => {
    await always(({ categories }, batches) => {
      for (const { categoryId, confidence, rationale } of batches.flatMap((batch) => batch.suggestions)) {
        expect(categories.map(({ id }) => id)).toContain(categoryId);
        expect(confidence).toBeGreaterThanOrEqual(0.6);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(rationale).toMatch(/^\S.*[0-9]+.*\.$/u);
        expect(rationale).not.toMatch(/undefined|NaN|null|\b0 of/);
      }
    });
  });

  it('gets the same answers to the same question, and keeps what it holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyBudget, async (budget) => {
        const before = structuredClone(budget);
        const answers = await batchesOf(suggester, budget);
        expect(budget).toEqual(before);
        expect(await batchesOf(suggester, before)).toEqual(answers);
      }),
    );
  });
});

describe('whatever the model has learnt', () => {
  const learnt = (history: readonly CategorisedTransaction[], selectable: readonly string[]) => {
    const model = new CategoryModel(selectable);
    for (const each of history) model.learn(each);
    return model;
  };

  it('has a confidence from 0 to 1, and counts that hold', () => {
    fc.assert(
      fc.property(anyHistory, anyTransaction, (history, asked) => {
        const prediction = learnt(history, ['a', 'b', 'c']).predict(asked);
        if (!prediction) return;
        const { confidence, evidence, categoryId } = prediction;
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        const dates = history.filter((each) => each.categoryId === categoryId).map(({ date }) => date);
        expect(dates).toContain(evidence.counts.lastDate);
        expect(evidence.counts.matching).toBeGreaterThan(0);
        expect(evidence.counts.matching).toBeLessThanOrEqual(evidence.counts.all);
        expect(evidence.counts.all).toBeLessThanOrEqual(history.length);
      }),
    );
  });

  it('counts for the very payee exactly what the history holds', () => {
    fc.assert(
      fc.property(anyHistory, fc.constantFrom('LIDL', 'Shell', '__proto__'), (history, payee) => {
        const asked = transaction({ payee, amount: -1 });
        const prediction = learnt(history, ['a', 'b', 'c']).predict(asked);
        if (!prediction) return;
        const ofPayee = history.filter((each) => each.payee === payee && each.amount < 0);
        const matching = ofPayee.filter(({ categoryId }) => categoryId === prediction.categoryId);
        expect(prediction.evidence.ofPayee).toEqual({
          matching: matching.length,
          all: ofPayee.length,
          lastDate: matching.at(-1)?.date ?? '',
        });
      }),
    );
  });

  it('is the same for every order of payees, as long as each payee has its own order', () => {
    const payees = ['LIDL', 'Lidl 12', 'Shell', 'Shell Shop', '🛒'];
    const anyKnown = anyHistory.map((history) => history.filter(({ payee }) => payees.includes(payee ?? '')));
    fc.assert(
      fc.property(anyKnown, anyTransaction, (history, asked) => {
        const together = history.toSorted((a, b) =>
          (a.payee ?? '') < (b.payee ?? '') ? -1 : a.payee === b.payee ? 0 : 1,
        );
        const one = learnt(history, ['a', 'b', 'c']).predict(asked);
        const other = learnt(together, ['a', 'b', 'c']).predict(asked);
        expect(other?.confidence ?? 0).toBeCloseTo(one?.confidence ?? 0, 10);
      }),
    );
  });
});
