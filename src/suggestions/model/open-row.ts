import type { Transaction } from '../suggester.js';

/** A transaction that history does not answer surely, and what it would say. */
export interface OpenRow {
  readonly transaction: Transaction;
  readonly guess: { readonly categoryId: string; readonly confidence: number } | null;
}
