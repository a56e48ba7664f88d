import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { household, newPurchases, type Purchase } from '../../src/demo/household.js';
import { accounts, categoryGroups, newcomers, regulars, shops } from '../../src/demo/household-plan.js';

const days = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

const isUncategorised = ({ category, parts }: Purchase) => category === null && parts.length === 0;

describe('the household', () => {
  it('is the same for the same day and seed, and another one for another seed', () => {
    expect(household('2025-11-24', 1)).toEqual(household('2025-11-24', 1));
    expect(household('2025-11-24', 1)).not.toEqual(household('2025-11-24', 2));
  });

  it('has a budget of a plausible size on every day, with something to categorise', () => {
    fc.assert(
      fc.property(days, (today) => {
        const { purchases, transfers } = household(today, 1);
        const splits = purchases.filter(({ parts }) => parts.length > 0);

        const rows = accounts.length + purchases.length + 2 * splits.length + 2 * transfers.length;
        expect(rows).toBeGreaterThan(560);
        expect(rows).toBeLessThan(720);
        const uncategorised = purchases.filter(isUncategorised).length;
        expect(uncategorised).toBeGreaterThan(50);
        expect(uncategorised).toBeLessThan(120);
        expect(splits.length).toBeGreaterThan(0);
        expect(transfers.length).toBeGreaterThan(0);
      }),
    );
  });

  it('ends today, begins on the day of its starting balances, and goes forward in between', () => {
    fc.assert(
      fc.property(days, seeds, (today, seed) => {
        const { since, purchases, transfers } = household(today, seed);
        const dates = purchases.map(({ date }) => date);

        expect(dates).toEqual([...dates].sort());
        for (const date of [...dates, ...transfers.map((transfer) => transfer.date)]) {
          expect(date > since && date <= today).toBe(true);
        }
      }),
    );
  });

  it('splits a purchase into parts that add up to it', () => {
    const splits = household('2025-11-24', 1).purchases.filter(({ parts }) => parts.length > 0);
    for (const { amount, parts } of splits) {
      expect(parts.reduce((sum, part) => sum + part.amount, 0)).toBe(amount);
      expect(parts.every((part) => part.amount < 0)).toBe(true);
    }
  });

  it('can afford what it does', () => {
    fc.assert(
      fc.property(days, (today) => {
        const { purchases, transfers } = household(today, 1);
        const balanceOf = (account: string) =>
          (accounts.find(({ name }) => name === account)?.startingBalance ?? 0) +
          purchases.filter((one) => one.account === account).reduce((sum, { amount }) => sum + amount, 0) +
          transfers.filter(({ to }) => to === account).reduce((sum, { amount }) => sum + amount, 0) -
          transfers.filter(({ from }) => from === account).reduce((sum, { amount }) => sum + amount, 0);

        expect(balanceOf('Current Account')).toBeGreaterThan(0);
        expect(balanceOf('Credit Card')).toBeGreaterThan(-4_000_00);
      }),
    );
  });

  it('uses every category, and leaves no placeholder in what its bank writes', () => {
    const { purchases } = household('2025-11-24', 1);
    const used = new Set(
      purchases.flatMap(({ category, parts }) => [category, ...parts.map((p) => p.category)]),
    );
    for (const name of categoryGroups.flatMap(({ categories }) => [...categories])) {
      expect(used).toContain(name);
    }
    for (const { importedPayee } of purchases) expect(importedPayee).not.toMatch(/[#?{}]/);
  });

  it('knows some forty merchants', () => {
    const names = [...shops, ...regulars].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(40);
  });
});

describe('new purchases', () => {
  it('are one to three of today, most without a category, some where the household has never been', () => {
    const all = Array.from({ length: 300 }, (_, seed) => newPurchases('2025-11-24', seed));

    expect(new Set(all.map(({ length }) => length))).toEqual(new Set([1, 2, 3]));
    const purchases = all.flat();
    expect(new Set(purchases.map(({ date }) => date))).toEqual(new Set(['2025-11-24']));
    const uncategorised = purchases.filter(isUncategorised);
    expect(uncategorised.length).toBeGreaterThan(purchases.length * 0.75);
    expect(uncategorised.length).toBeLessThan(purchases.length);
    const known = new Set(shops.map(({ name }) => name));
    expect(purchases.filter(({ payee }) => known.has(payee)).length).toBeGreaterThan(purchases.length / 3);
    const firstWord = ([pattern]: (typeof newcomers)[number]) => pattern.split(' ')[0] ?? pattern;
    const isNewcomer = ({ importedPayee }: Purchase) =>
      newcomers.some((newcomer) => importedPayee.startsWith(firstWord(newcomer)));
    expect(purchases.some(isNewcomer)).toBe(true);
  });
});
