import { describe, expect, it } from 'vitest';
import { CategoryModel, type Prediction } from '../../src/suggestions/category-model.js';
import type { CategorisedTransaction, Transaction } from '../../src/suggestions/suggester.js';
import { bookings, categories, categorised, gifts, groceries, transaction, transport } from './budget.js';

const selectable = categories.map(({ id }) => id);

function modelOf(history: readonly CategorisedTransaction[]): CategoryModel {
  const model = new CategoryModel(selectable);
  for (const each of history) model.learn(each);
  return model;
}

function predicted(history: readonly CategorisedTransaction[], asked: Partial<Transaction>): Prediction {
  const prediction = modelOf(history).predict(transaction(asked));
  if (!prediction) throw new Error('expected a prediction');
  return prediction;
}

/** Each with a payee of its own that no other resembles. */
function strangers(history: readonly CategorisedTransaction[]): readonly CategorisedTransaction[] {
  return history.map((old, index) => ({ ...old, payee: String.fromCodePoint(0x4e00 + index) }));
}

describe('a payee that is new', () => {
  it('is taken for what payees of similar name are', () => {
    const similar = ['Sainsburys', 'Sainsbury1', 'Sainsbury2', 'Sainsbury3', 'Sainsbury4'];
    const history = [
      ...similar.flatMap((payee) => bookings(2, groceries, { payee })),
      ...bookings(20, transport, { payee: 'Shell' }),
    ];
    const { categoryId, evidence } = predicted(history, { payee: 'Sainsbury' });
    expect(categoryId).toBe('groceries');
    expect(evidence).toMatchObject({
      basis: { kind: 'SIMILAR_PAYEE', name: 'Sainsbury1' },
      counts: { matching: 2, all: 2, lastDate: '2026-11-03' },
    });
  });

  it('is taken for what the account is mostly used for where nothing else is known', () => {
    const history = [
      ...strangers(bookings(10, gifts, { accountName: 'Presents' })),
      ...bookings(10, groceries),
    ];
    const { categoryId, evidence } = predicted(history, { payee: 'Quux', accountName: 'Presents' });
    expect(categoryId).toBe('gifts');
    expect(evidence).toMatchObject({
      basis: { kind: 'FEATURE', feature: { kind: 'ACCOUNT', value: 'Presents' } },
      counts: { matching: 10, all: 10 },
    });
  });

  it('is taken for what many payees are rather than for what one payee is again and again', () => {
    const history = [
      ...bookings(60, transport, { payee: 'Metro', amount: -1_250 }),
      ...strangers(bookings(12, groceries, { amount: -1_250 })),
    ];

    const { categoryId, evidence } = predicted(history, { payee: 'Corner shop', amount: -1_250 });

    expect(categoryId).toBe('groceries');
    // What it rests on counts all that there was.
    expect(evidence.counts.all).toBe(72);
  });

  it('is taken for what about the same amount was, paid or received', () => {
    const history = [
      ...strangers(bookings(10, transport, { amount: -85_000 })),
      ...strangers(bookings(10, gifts, { amount: 85_000 })),
    ];
    for (const [amount, expected] of [
      [-86_000, 'transport'],
      [86_000, 'gifts'],
    ] as const) {
      const { categoryId, evidence } = predicted(history, { payee: 'Quux', amount });
      expect(categoryId).toBe(expected);
      expect(evidence).toMatchObject({
        basis: { feature: { kind: 'AMOUNT' } },
        counts: { matching: 10, all: 10 },
      });
    }
  });
});

describe('transactions without a payee', () => {
  it('are no payee together', () => {
    const history = bookings(10, groceries, { payee: null });
    const { evidence } = predicted(history, { payee: '' });
    expect(evidence.ofPayee.all).toBe(0);
    expect(evidence.basis.kind).not.toMatch('PAYEE');
  });
});

describe('the reason', () => {
  it('is the payee alone where the amount says no more', () => {
    const history = [...bookings(10, groceries), categorised(groceries, { amount: -1234 })];
    const { evidence } = predicted(history, { amount: -1234 });
    expect(evidence).toMatchObject({ basis: { kind: 'PAYEE' }, counts: { matching: 11, all: 11 } });
  });

  it('is the payee rather than an amount that occurred once', () => {
    const history = [
      ...bookings(9, groceries, { amount: -700 }),
      categorised(gifts, { amount: -900 }),
      categorised(groceries, { amount: -1234 }),
    ];
    const { evidence } = predicted(history, { amount: -1234 });
    expect(evidence).toMatchObject({ basis: { kind: 'PAYEE' }, counts: { matching: 10, all: 11 } });
  });

  it('is all that was learnt where the category is simply the usual one', () => {
    const history = strangers([...bookings(10, groceries), ...bookings(2, gifts)]);
    const { evidence } = predicted(history, { payee: 'Quux', accountName: 'New', amount: -999_999 });
    expect(evidence).toMatchObject({ basis: { kind: 'OVERALL' }, counts: { matching: 10, all: 12 } });
  });
});

describe('what can be predicted', () => {
  it('is nothing where no category that can be chosen ever occurred', () => {
    const model = new CategoryModel(['gifts']);
    model.learn(categorised(groceries));
    expect(model.predict(transaction())).toBeNull();
  });

  it('is the first of the categories that can be chosen where they are equally probable', () => {
    for (const ids of [
      ['gifts', 'groceries'],
      ['groceries', 'gifts'],
    ]) {
      const model = new CategoryModel(ids);
      for (const each of [...bookings(1, groceries, { payee: 'A' }), ...bookings(1, gifts, { payee: 'B' })]) {
        model.learn(each);
      }
      expect(model.predict(transaction({ payee: null }))?.categoryId).toBe(ids[0]);
    }
  });

  it('is no more probable for a category because the better one cannot be chosen', () => {
    const history = [...bookings(10, groceries), categorised(gifts, { amount: -5 })];
    const others = new CategoryModel(['gifts']);
    for (const each of history) others.learn(each);
    const instead = others.predict(transaction());
    expect(instead?.categoryId).toBe('gifts');
    expect(instead?.confidence).toBeLessThan(0.5);
  });
});

describe('being wrong', () => {
  it('takes away confidence', () => {
    const model = modelOf(bookings(10, groceries));
    const before = model.predict(transaction())?.confidence ?? 0;
    for (const each of bookings(20, gifts)) model.calibrate(each);
    expect(before).toBeGreaterThan(0.9);
    expect(model.predict(transaction())?.confidence).toBeLessThan(before - 0.3);
  });
});
