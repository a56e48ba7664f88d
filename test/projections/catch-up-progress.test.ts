import { describe, expect, it } from 'vitest';
import { CatchUpEstimate, describeProgress } from '../../projections/catch-up-progress.js';

describe('the estimate of a catch-up', () => {
  it('tells nothing of the time that is left before it has come further', () => {
    const estimate = new CatchUpEstimate();
    expect(estimate.measured(0.2, 1_000)).toEqual({ fraction: 0.2, leftMs: undefined });
    expect(estimate.measured(0.2, 5_000)).toEqual({ fraction: 0.2, leftMs: undefined });
  });

  it('expects the rest to go as fast as what it has seen, wherever it began', () => {
    const estimate = new CatchUpEstimate();
    estimate.measured(0.5, 1_000);
    expect(estimate.measured(0.75, 11_000)).toEqual({ fraction: 0.75, leftMs: 10_000 });
    expect(estimate.measured(1, 30_000)).toEqual({ fraction: 1, leftMs: 0 });
  });

  it('begins anew where the catch-up does', () => {
    const estimate = new CatchUpEstimate();
    estimate.measured(1, 0);
    expect(estimate.measured(0, 2_000)).toEqual({ fraction: 0, leftMs: undefined });
    expect(estimate.measured(0.25, 5_000)).toEqual({ fraction: 0.25, leftMs: 9_000 });
  });
});

describe('the words for it', () => {
  it.each([
    [0, undefined, '0 % of the log'],
    [0.429, 200_000, '42 % of the log, about 3 min left'],
    [0.5, 99_000, '50 % of the log, about 99 s left'],
    [0.5, 101_000, '50 % of the log, about 2 min left'],
    [0.9, 3 * 3_600_000, '90 % of the log, about 3 h left'],
    [1, 0, '99 % of the log, about 1 s left'],
  ])('at %s with %s ms left are %j', (fraction, leftMs, words) => {
    expect(describeProgress({ fraction, leftMs })).toBe(words);
  });
});
