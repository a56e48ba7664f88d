import { shownText } from '../shown-text.js';
import type { Transaction } from '../suggester.js';
import { masked } from './masks.js';

const maxTextLength = 120;

/** What may leave for the model besides date, amount and payee. */
export interface Sharing {
  readonly notes: boolean;
  readonly accountNames: boolean;
}

/** One transaction as the model sees it: masked, in one line, and without its id. */
export interface ModelRow {
  /** Counts from 1 within the question. */
  readonly row: number;
  readonly date: string;
  /** In units of the currency, such as -12.34; which currency is not known. */
  readonly amount: string;
  readonly payee: string;
  readonly notes?: string;
  readonly account?: string;
  /** What the budget's own history would say, and how sure it is, from 0 to 1. */
  readonly guess?: { readonly category: string; readonly confidence: number };
}

export function modelRowOf(
  { date, amount, payee, importedPayee, notes, accountName }: Transaction,
  row: number,
  sharing: Sharing,
  guess: ModelRow['guess'],
): ModelRow {
  const named = sentText(payee ?? importedPayee ?? '');
  const imported = sentText(importedPayee ?? '');
  return {
    row,
    date,
    amount: (amount / 100).toFixed(2),
    payee: imported === '' || imported === named ? named : `${named} (bank: ${imported})`,
    ...(sharing.notes && notes !== null && { notes: sentText(notes) }),
    ...(sharing.accountNames && { account: sentText(accountName) }),
    ...(guess && { guess }),
  };
}

/** Masked before it is cut: half an IBAN would not be known as one. */
export function sentText(text: string): string {
  return shownText(masked(text), maxTextLength);
}
