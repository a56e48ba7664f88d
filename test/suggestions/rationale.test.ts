import { describe, expect, it } from 'vitest';
import type { Counts } from '../../src/suggestions/category-tally.js';
import type { Basis, Evidence } from '../../src/suggestions/evidence.js';
import { rationaleOf } from '../../src/suggestions/rationale.js';
import type { Feature } from '../../src/suggestions/transaction-features.js';

const lastDate = '2026-11-03';
const none: Counts = { matching: 0, all: 0, lastDate: '' };

function counts(matching: number, all: number): Counts {
  return { matching, all, lastDate };
}

function evidence(basis: Basis, of: Counts, more: Partial<Evidence> = {}): Evidence {
  const isOfPayee = basis.kind === 'PAYEE';
  return {
    basis,
    counts: of,
    ofPayee: isOfPayee ? of : none,
    direction: 'outgoing',
    bothDirections: false,
    ...more,
  };
}

function rationale(given: Evidence, names: { payee?: string | null; category?: string } = {}): string {
  return rationaleOf(given, { payee: 'LIDL', category: 'Groceries', ...names });
}

describe('what the very payee was given', () => {
  it.each([
    [14, 15, '14 of 15 earlier LIDL transactions were Groceries, last on 3 November 2026.'],
    [15, 15, 'All 15 earlier LIDL transactions were Groceries, last on 3 November 2026.'],
    [1, 1, 'The only earlier LIDL transaction was Groceries, on 3 November 2026.'],
    [
      1,
      15,
      '1 of 15 earlier LIDL transactions was Groceries, on 3 November 2026; newer ones count for more.',
    ],
    [
      3,
      6,
      '3 of 6 earlier LIDL transactions were Groceries, last on 3 November 2026; newer ones count for more.',
    ],
  ])('is counted: %d of %d', (matching, all, sentence) => {
    expect(rationale(evidence({ kind: 'PAYEE' }, counts(matching, all)))).toBe(sentence);
  });

  it.each(['incoming', 'outgoing'] as const)(
    'says that only the %s ones were counted where there are both',
    (direction) => {
      const given = evidence({ kind: 'PAYEE' }, counts(14, 15), { direction, bothDirections: true });
      expect(rationale(given)).toBe(
        `14 of 15 earlier ${direction} LIDL transactions were Groceries, last on 3 November 2026.`,
      );
    },
  );
});

describe('what the very payee was given at this amount', () => {
  it('is counted, and set beside the other amounts', () => {
    const given = evidence({ kind: 'PAYEE_AND_AMOUNT' }, counts(3, 3), { ofPayee: counts(9, 20) });
    expect(rationale(given)).toBe(
      'All 3 earlier LIDL transactions of exactly this amount were Groceries, last on 3 November 2026. ' +
        'Of any amount it was 9 of 20.',
    );
  });

  it('is counted alone where there were no other amounts', () => {
    const given = evidence({ kind: 'PAYEE_AND_AMOUNT' }, counts(1, 1), { ofPayee: counts(1, 1) });
    expect(rationale(given)).toBe(
      'The only earlier LIDL transaction of exactly this amount was Groceries, on 3 November 2026.',
    );
  });
});

describe('where the payee is new', () => {
  const feature = (kind: Feature['kind'], value: string): Basis => ({
    kind: 'FEATURE',
    feature: { kind, value },
  });

  it.each<[Basis, string]>([
    [{ kind: 'SIMILAR_PAYEE', name: 'LIDL 12' }, 'transactions of the similar payee LIDL 12'],
    [feature('WORD', 'lidl'), 'transactions with “lidl” in the payee'],
    [feature('AMOUNT', 'outgoing 20'), 'transactions of about this amount'],
    [feature('ACCOUNT', 'Joint'), 'transactions in the same account'],
    [{ kind: 'OVERALL' }, 'transactions'],
  ])('says so, and what was counted instead: %o', (basis, counted) => {
    expect(rationale(evidence(basis, counts(8, 9)))).toBe(
      `LIDL has no earlier transactions. 8 of 9 earlier ${counted} were Groceries, last on 3 November 2026.`,
    );
  });

  it('says what was paid where nothing was ever refunded', () => {
    const given = evidence({ kind: 'OTHER_DIRECTION' }, counts(8, 9), {
      direction: 'incoming',
      bothDirections: true,
    });
    expect(rationale(given)).toBe(
      'LIDL has no earlier incoming transactions. ' +
        '8 of 9 earlier outgoing LIDL transactions were Groceries, last on 3 November 2026.',
    );
  });

  it.each<[Basis, string]>([
    [
      { kind: 'SIMILAR_PAYEE', name: 'ALDI' },
      'newer ones count for more, and its words, amount and account count too',
    ],
    [feature('WORD', 'lidl'), 'its words, amount and account count together'],
  ])('says what else counts where half of them or fewer were of the category: %o', (basis, clause) => {
    expect(rationale(evidence(basis, counts(4, 8)))).toContain(`last on 3 November 2026; ${clause}.`);
  });
});

describe('where there is no payee', () => {
  it.each([null, '', '  ', '\u0000'])('speaks of none: %j', (payee) => {
    const given = evidence({ kind: 'FEATURE', feature: { kind: 'ACCOUNT', value: 'Joint' } }, counts(8, 9));
    expect(rationale(given, { payee })).toBe(
      '8 of 9 earlier transactions in the same account were Groceries, last on 3 November 2026.',
    );
  });
});

describe('names of any kind', () => {
  it('are shown on one line', () => {
    const given = evidence({ kind: 'PAYEE' }, counts(2, 2));
    const names = { payee: ' LIDL\n\tGmbH ', category: 'Food\r\nand drink' };
    expect(rationale(given, names)).toBe(
      'All 2 earlier LIDL GmbH transactions were Food and drink, last on 3 November 2026.',
    );
  });

  it('are cut where they are long', () => {
    const given = evidence({ kind: 'SIMILAR_PAYEE', name: 'b'.repeat(10_000) }, counts(2, 2));
    const names = { payee: 'a'.repeat(10_000), category: 'c'.repeat(10_000) };
    expect(rationale(given, names)).toBe(
      `${'a'.repeat(59)}… has no earlier transactions. All 2 earlier transactions of the similar payee ` +
        `${'b'.repeat(59)}… were ${'c'.repeat(59)}…, last on 3 November 2026.`,
    );
  });
});

describe('the date', () => {
  it.each([
    ['2026-01-01', '1 January 2026'],
    ['2024-02-29', '29 February 2024'],
    ['1999-12-31', '31 December 1999'],
  ])('is written out: %s', (date, written) => {
    const given = evidence({ kind: 'PAYEE' }, { matching: 2, all: 2, lastDate: date });
    expect(rationale(given)).toContain(`last on ${written}.`);
  });
});
