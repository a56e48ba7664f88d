import { payeeKey, payeeWords } from './payee-name.js';
import type { Transaction } from './suggester.js';

/** Something that a transaction has in common with others. */
export interface Feature {
  readonly kind: 'WORD' | 'AMOUNT' | 'ACCOUNT';
  readonly value: string;
}

export type Direction = 'incoming' | 'outgoing';

export function directionOf({ amount }: Pick<Transaction, 'amount'>): Direction {
  return amount < 0 ? 'outgoing' : 'incoming';
}

export function featuresOf(transaction: Transaction): readonly Feature[] {
  return [
    ...payeeWords(payeeKey(transaction.payee)).map((value) => ({ kind: 'WORD' as const, value })),
    { kind: 'AMOUNT', value: `${directionOf(transaction)} ${halfOctave(transaction.amount)}` },
    { kind: 'ACCOUNT', value: transaction.accountName },
  ];
}

/** Amounts with the same number differ by less than the factor 1.42. */
function halfOctave(amount: number): number {
  return amount === 0 ? 0 : Math.floor(2 * Math.log2(Math.abs(amount)));
}
