import type { Counts } from './category-tally.js';
import type { Direction, Feature } from './transaction-features.js';

/** The kind of earlier transactions that an answer rests on most. */
export type Basis =
  /** Those of the very payee, in the same direction. */
  | { readonly kind: 'PAYEE' }
  /** Those of the very payee and amount. */
  | { readonly kind: 'PAYEE_AND_AMOUNT' }
  /** Those of the very payee, in the other direction. */
  | { readonly kind: 'OTHER_DIRECTION' }
  /** Those of a payee with a similar name, in both directions. */
  | { readonly kind: 'SIMILAR_PAYEE'; readonly name: string }
  /** Those that share a word, about the amount, or the account. */
  | { readonly kind: 'FEATURE'; readonly feature: Feature }
  /** All of them. */
  | { readonly kind: 'OVERALL' };

export interface Evidence {
  readonly basis: Basis;
  /** Of the transactions that `basis` names. */
  readonly counts: Counts;
  /** Of all transactions of the very payee in the same direction. */
  readonly ofPayee: Counts;
  readonly direction: Direction;
  /** Whether the payee has transactions in the other direction. */
  readonly bothDirections: boolean;
}
