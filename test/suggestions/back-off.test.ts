import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drivingSource, probabilityOf, type Level } from '../../src/suggestions/back-off.js';
import { CategoryTally } from '../../src/suggestions/category-tally.js';

function tallyOf(...categoryIds: readonly string[]): CategoryTally {
  const tally = new CategoryTally();
  for (const categoryId of categoryIds) tally.add(categoryId, '2026-11-03');
  return tally;
}

function level(basis: string, tally: CategoryTally, parentWeight: number): Level<string> {
  return { sources: [{ basis, tally, weight: tally.weight }], parentWeight };
}

describe('a chain of levels', () => {
  it('without any is the general probability', () => {
    expect(probabilityOf('food', [], 0.3)).toBe(0.3);
  });

  it('is nearer to the counts of a level the more of them there are', () => {
    const few = probabilityOf('food', [level('payee', tallyOf('food'), 1)], 0.2);
    const many = probabilityOf('food', [level('payee', tallyOf('food', 'food', 'food'), 1)], 0.2);
    expect(few).toBeCloseTo((1 + 0.2) / 2);
    expect(many).toBeCloseTo((3 + 0.2) / 4);
  });

  it('smooths each level by the one before', () => {
    const levels = [
      level('payee', tallyOf('food', 'gifts'), 0.5),
      level('payee and amount', tallyOf('gifts'), 1),
    ];
    const ofPayee = (1 + 0.5 * 0.4) / 2.5;
    expect(probabilityOf('food', levels, 0.4)).toBeCloseTo((0 + ofPayee) / 2);
  });

  it('weighs the sources of one level', () => {
    const sources = [
      { basis: 'near', tally: tallyOf('food'), weight: 3 },
      { basis: 'far', tally: tallyOf('gifts'), weight: 1 },
    ];
    expect(probabilityOf('food', [{ sources, parentWeight: 2 }], 0.5)).toBeCloseTo((3 + 2 * 0.5) / 6);
  });

  it('keeps probabilities that add up to 1, each from 0 to 1', () => {
    const ids = ['a', 'b', 'c'];
    const anyTally = fc.array(fc.constantFrom(...ids), { maxLength: 20 }).map((each) => tallyOf(...each));
    const anyLevel = fc
      .tuple(anyTally, fc.double({ min: 0.1, max: 5, noNaN: true }))
      .map(([tally, parentWeight]) => level('any', tally, parentWeight));
    fc.assert(
      fc.property(fc.array(anyLevel, { maxLength: 4 }), (levels) => {
        const all = ids.map((id) => probabilityOf(id, levels, 1 / ids.length));
        expect(all.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1);
        for (const each of all) expect(each).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('what drives an answer', () => {
  const levels = [
    level('payee', tallyOf('food', 'food', 'food', 'gifts'), 0.7),
    level('payee and amount', tallyOf('gifts', 'gifts'), 1),
  ];

  it('is the source that contributes most to the category', () => {
    expect(drivingSource('food', levels, 0.1)?.basis).toBe('payee');
    expect(drivingSource('gifts', levels, 0.1)?.basis).toBe('payee and amount');
  });

  it('is the best of several that contribute more together', () => {
    const sources = [
      { basis: 'near', tally: tallyOf('food'), weight: 0.5 },
      { basis: 'nearest', tally: tallyOf('food'), weight: 0.9 },
      { basis: 'nearest, but another', tally: tallyOf('gifts'), weight: 1 },
    ];
    expect(drivingSource('food', [{ sources, parentWeight: 2 }], 0.6)?.basis).toBe('nearest');
  });

  it('is none of them where the general pattern contributes more', () => {
    expect(drivingSource('transport', levels, 0.5)).toBeNull();
    expect(drivingSource('food', [level('payee', tallyOf('food'), 3)], 0.9)).toBeNull();
  });
});
