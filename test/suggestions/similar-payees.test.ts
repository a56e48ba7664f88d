import { describe, expect, it } from 'vitest';
import { payeeKey } from '../../src/suggestions/payee-name.js';
import { SimilarPayees } from '../../src/suggestions/similar-payees.js';

function knowing(...names: readonly string[]): SimilarPayees {
  const payees = new SimilarPayees(1);
  for (const name of names) payees.learn({ key: payeeKey(name), name }, 'groceries', '2026-11-03');
  return payees;
}

const namesSimilarTo = (payees: SimilarPayees, name: string) =>
  payees.similarTo(payeeKey(name)).map((each) => each.name);

describe('payees with similar names', () => {
  it('are found, the most similar first', () => {
    const payees = knowing('Shell', 'Tesco Stores 6299 London', 'TESCO STORES 5854', 'Costa');
    expect(namesSimilarTo(payees, 'tesco stores 5855')).toEqual([
      'TESCO STORES 5854',
      'Tesco Stores 6299 London',
    ]);
  });

  it('are none where nothing is alike', () => {
    expect(namesSimilarTo(knowing('Shell', 'Costa'), 'Lidl')).toEqual([]);
  });

  it('are at most five, names deciding between equals, whichever came first', () => {
    const names = ['Shop F', 'Shop C', 'Shop A', 'Shop E', 'Shop B', 'Shop D'];
    expect(namesSimilarTo(knowing(...names), 'Shop X')).toEqual([
      'Shop A',
      'Shop B',
      'Shop C',
      'Shop D',
      'Shop E',
    ]);
  });

  it('count as one payee however they are written, under the name that came first', () => {
    const [found, ...others] = knowing('Lidl', 'LIDL', ' lidl ').similarTo('lidl');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ name: 'Lidl', similarity: 1 });
    expect(found?.tally.count).toBe(3);
  });

  it('are not found by what very many payees have in common', () => {
    const names = Array.from(
      { length: 400 },
      (_, index) => `Card payment ${String.fromCodePoint(0x4e00 + index)}`,
    );
    expect(namesSimilarTo(knowing(...names, 'Card payment Lidl'), 'Card payment Aldi')).toEqual([]);
    expect(namesSimilarTo(knowing(...names, 'Lidl'), 'Card payment Lidl')).toEqual(['Lidl']);
  });

  it('are found for names of one character too', () => {
    expect(namesSimilarTo(knowing('🛒', 'x'), '🛒')).toEqual(['🛒']);
  });
});
