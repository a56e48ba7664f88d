import { describe, expect, it } from 'vitest';
import { NaiveBayes } from '../../src/suggestions/naive-bayes.js';
import type { Feature } from '../../src/suggestions/transaction-features.js';

const words = (...values: readonly string[]): readonly Feature[] =>
  values.map((value) => ({ kind: 'WORD', value }));

function learnt(...transactions: readonly (readonly [categoryId: string, ...words: string[]])[]): NaiveBayes {
  const pattern = new NaiveBayes();
  for (const [categoryId, ...values] of transactions)
    pattern.learn(words(...values), categoryId, '2026-11-03');
  return pattern;
}

const shops = learnt(
  ['food', 'tesco', 'store'],
  ['food', 'tesco', 'online'],
  ['food', 'tesco'],
  ['gifts', 'toy', 'store'],
);

function probability(pattern: NaiveBayes, categoryId: string, ...values: readonly string[]): number {
  return pattern.probabilities(words(...values)).get(categoryId) ?? 0;
}

describe('the general pattern', () => {
  it('knows nothing before anything was learnt', () => {
    expect(new NaiveBayes().probabilities(words('tesco')).size).toBe(0);
  });

  it('finds the category of a word the more probable the oftener they went together', () => {
    expect(probability(shops, 'food', 'tesco')).toBeGreaterThan(probability(shops, 'food', 'store'));
    expect(probability(shops, 'gifts', 'toy')).toBeGreaterThan(probability(shops, 'food', 'toy'));
  });

  it('draws nothing from words that it never met', () => {
    expect(shops.probabilities(words('quux'))).toEqual(shops.probabilities([]));
  });

  it('leaves room for a category that did not occur yet, less and less', () => {
    const sumOf = (pattern: NaiveBayes) =>
      [...pattern.probabilities([]).values()].reduce((sum, each) => sum + each, 0);
    expect(sumOf(learnt(['food', 'tesco']))).toBeCloseTo(1 / 2);
    expect(sumOf(shops)).toBeCloseTo(4 / 6);
  });
});

describe('the clearest sign', () => {
  it('is the word that went with the category most', () => {
    expect(shops.clearestSign(words('store', 'tesco', 'quux'), 'food')?.feature.value).toBe('tesco');
    expect(shops.clearestSign(words('store', 'tesco'), 'gifts')?.feature.value).toBe('store');
  });

  it('is rather one that was met often than one that was met once', () => {
    expect(shops.clearestSign(words('online', 'tesco'), 'food')?.feature.value).toBe('tesco');
  });

  it('is none where no word goes with the category more than transactions in general do', () => {
    expect(shops.clearestSign(words('toy', 'quux'), 'food')).toBeNull();
  });
});
