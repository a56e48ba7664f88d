/** What may stand between the groups of a number: spaces of all kinds, signs of separation, and what is not seen. */
const gap = String.raw`[\s./\\_*·:|+(),\p{Pd}\p{Cc}\p{Cf}]`;
const digit = String.raw`\p{Nd}`;

/** Each kind of text that identifies somebody, and what is sent in its place; the first that fits wins. */
const masks: readonly { readonly pattern: RegExp; readonly mask: string; readonly leastDigits?: number }[] = [
  {
    pattern: /[^\s@<>()"',;:*=/]+ ?(?:@|%40) ?[^\s@<>()"',;:*=/]+\.[\p{L}\d-]+/gu,
    mask: '[e-mail]',
  },
  // ISO 13616: a country, two check digits, 11 to 30 letters and digits; in print in groups of four.
  { pattern: /\b[A-Z]{2}\d{2}[A-Z\d]{11,30}\b/gi, mask: '[iban]', leastDigits: 10 },
  {
    pattern: new RegExp(
      String.raw`\b[A-Z]{2}\d{2}(?:${gap}{1,3}[A-Z\d]{4}){2,7}(?:${gap}{1,3}[A-Z\d]{1,3})?\b`,
      'giu',
    ),
    mask: '[iban]',
    leastDigits: 10,
  },
  // Of cards, accounts, telephones, customers.
  { pattern: new RegExp(`${digit}(?:${gap}{0,3}${digit}){6,}`, 'gu'), mask: '[number]' },
  { pattern: new RegExp(`${digit}{6,}`, 'gu'), mask: '[number]' },
];

/** What is longer is cut: a bank's text is shorter, and patterns would take their time. */
const mostCharacters = 2_000;

/**
 * A text without what identifies persons or accounts: e-mail addresses, IBANs, numbers of cards and other long numbers.
 * Short numbers stay, such as those of shops: they tell payees apart.
 */
export function masked(text: string): string {
  // Half a number would not be known as one.
  const bounded = text.length > mostCharacters ? text.slice(0, mostCharacters).replace(/\S+$/, '') : text;
  return masks.reduce(
    (result, { pattern, mask, leastDigits = 0 }) =>
      result.replace(pattern, (found) => (digitsIn(found) < leastDigits ? found : mask)),
    // As it is read: wide letters and digits are letters and digits, many spaces are one.
    bounded.normalize('NFKC').replace(/\s+/g, ' '),
  );
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}
