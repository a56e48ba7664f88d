import type { Counts } from './category-tally.js';
import type { Basis, Evidence } from './evidence.js';
import { shownText } from './shown-text.js';
import type { Feature } from './transaction-features.js';

const maxNameLength = 60;

/**
 * Says in one or two sentences what an answer rests on, such as "14 of 15 earlier LIDL transactions were
 * Groceries, last on 3 November 2026."
 */
export function rationaleOf(
  evidence: Evidence,
  names: { readonly payee: string | null; readonly category: string },
): string {
  const { basis, counts, ofPayee, direction, bothDirections } = evidence;
  const payee = shownText(names.payee ?? '', maxNameLength);
  const category = shownText(names.category, maxNameLength);
  const directed = bothDirections ? `${direction} ` : '';
  const fact = `${countSentence(counts, category, kindOf(basis))}${weighing(basis, counts)}.`;
  const isNew = payee !== '' && ofPayee.all === 0;
  if (isNew) return `${payee} has no earlier ${directed}transactions. ${fact}`;
  const hasOtherAmounts = basis.kind === 'PAYEE_AND_AMOUNT' && ofPayee.all > counts.all;
  return hasOtherAmounts ? `${fact} Of any amount it was ${ofPayee.matching} of ${ofPayee.all}.` : fact;

  /** Names the transactions that were counted; `noun` is "transaction" or "transactions". */
  function kindOf(basis: Basis): (noun: string) => string {
    switch (basis.kind) {
      case 'PAYEE':
        return (noun) => `${directed}${payee} ${noun}`;
      case 'PAYEE_AND_AMOUNT':
        return (noun) => `${directed}${payee} ${noun} of exactly this amount`;
      case 'OTHER_DIRECTION':
        return (noun) => `${direction === 'incoming' ? 'outgoing' : 'incoming'} ${payee} ${noun}`;
      case 'SIMILAR_PAYEE':
        return (noun) => `${noun} of the similar payee ${shownText(basis.name, maxNameLength)}`;
      case 'FEATURE':
        return (noun) => `${noun} ${sharing(basis.feature)}`;
      case 'OVERALL':
        return (noun) => noun;
    }
  }
}

function sharing({ kind, value }: Feature): string {
  switch (kind) {
    case 'WORD':
      return `with “${shownText(value, maxNameLength)}” in the payee`;
    case 'AMOUNT':
      return 'of about this amount';
    case 'ACCOUNT':
      return 'in the same account';
  }
}

function countSentence(
  { matching, all, lastDate }: Counts,
  category: string,
  kindOf: (noun: string) => string,
): string {
  const date = writtenDate(lastDate);
  if (all === 1) return `The only earlier ${kindOf('transaction')} was ${category}, on ${date}`;
  if (matching === 1) return `1 of ${all} earlier ${kindOf('transactions')} was ${category}, on ${date}`;
  const share = matching === all ? `All ${all}` : `${matching} of ${all}`;
  return `${share} earlier ${kindOf('transactions')} were ${category}, last on ${date}`;
}

/** Where the counts alone don't bear the answer: what else does. */
function weighing(basis: Basis, { matching, all }: Counts): string {
  if (2 * matching > all) return '';
  switch (basis.kind) {
    case 'PAYEE':
    case 'PAYEE_AND_AMOUNT':
      return '; newer ones count for more';
    case 'OTHER_DIRECTION':
    case 'SIMILAR_PAYEE':
      return '; newer ones count for more, and its words, amount and account count too';
    case 'FEATURE':
    case 'OVERALL':
      return '; its words, amount and account count together';
  }
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** '2026-11-03' as '3 November 2026'. */
function writtenDate(date: string): string {
  const [year = '', month, day] = date.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? ''} ${year}`;
}
