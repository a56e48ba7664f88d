import { describe, expect, it } from 'vitest';
import { CategoryTally } from '../../src/suggestions/category-tally.js';

describe('a tally of categories', () => {
  it('counts each category and knows when it was given last', () => {
    const tally = new CategoryTally();
    tally.add('food', '2026-11-01');
    tally.add('food', '2026-11-03');
    tally.add('gifts', '2026-11-04');
    expect(tally.countsOf('food')).toEqual({ matching: 2, all: 3, lastDate: '2026-11-03' });
    expect(tally.countsOf('gifts')).toEqual({ matching: 1, all: 3, lastDate: '2026-11-04' });
    expect(tally.countsOf('transport')).toEqual({ matching: 0, all: 3, lastDate: '' });
  });

  it('keeps the newest date where an older one comes later', () => {
    const tally = new CategoryTally();
    tally.add('food', '2026-11-03');
    tally.add('food', '2026-11-01');
    expect(tally.countsOf('food').lastDate).toBe('2026-11-03');
  });

  it('shares by what was given most recently, and still counts all of it', () => {
    const tally = new CategoryTally(0.5);
    for (const categoryId of ['food', 'food', 'food', 'gifts']) tally.add(categoryId, '2026-11-03');
    expect(tally.weight).toBeCloseTo(1.875);
    expect(tally.shareOf('gifts')).toBeCloseTo(1 / 1.875);
    expect(tally.countsOf('food').matching).toBe(3);
  });

  it('counts what weighs nothing, and shares nothing by it', () => {
    const tally = new CategoryTally();
    tally.add('groceries', '2026-11-01');
    tally.add('transport', '2026-11-02', 0);

    expect(tally.countsOf('transport')).toEqual({ matching: 1, all: 2, lastDate: '2026-11-02' });
    expect(tally.shareOf('transport')).toBe(0);
    expect(tally.shareOf('groceries')).toBe(1);
  });

  it('shares nothing where it is empty', () => {
    expect(new CategoryTally().shareOf('food')).toBe(0);
  });
});
