import type { Random } from './random.js';

const TOWNS = ['LONDON', 'CROYDON', 'LONDON SE22', 'BROMLEY', 'BRIGHTON', 'LONDON GB'] as const;
const LETTERS_AND_DIGITS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * What a bank makes of a merchant's name. In a pattern `#` stands for a digit, `?` for a letter or digit,
 * `{town}` for a town and `{date}` for the day in the bank's way of writing, such as 07NOV.
 */
export function bankText(pattern: string, date: string, random: Random): string {
  return pattern.replace(/#|\?|\{town\}|\{date\}/g, (placeholder) => {
    switch (placeholder) {
      case '#':
        return String(random.between(0, 9));
      case '?':
        return LETTERS_AND_DIGITS.charAt(random.between(0, LETTERS_AND_DIGITS.length - 1));
      case '{town}':
        return random.pick(TOWNS);
      default:
        return date.slice(8) + (MONTHS[Number(date.slice(5, 7)) - 1] ?? '');
    }
  });
}
