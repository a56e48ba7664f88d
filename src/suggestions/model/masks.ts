/** Each kind of text that identifies somebody, and what is sent in its place; the first that fits wins. */
const masks: readonly (readonly [pattern: RegExp, replacement: string | ((found: string) => string)])[] = [
  [/[^\s@<>()"',;:]+@[^\s@<>()"',;:]+\.[\p{L}\d-]+/gu, '[e-mail]'],
  // ISO 13616: a country, two check digits, 11 to 30 letters and digits, in print in groups of four.
  [/\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]){11,30}\b/gi, (found) => (digitsIn(found) >= 10 ? '[iban]' : found)],
  // Of cards, accounts, telephones, customers; groups of digits with a space, a dot, a dash or a slash between them.
  [/\d(?:[ ./-]?\d){6,}/g, (found) => (digitsIn(found) >= 13 ? '[card]' : '[number]')],
  [/\d{6,}/g, '[number]'],
];

/**
 * A text without what identifies persons or accounts: e-mail addresses, IBANs, numbers of cards and other long numbers.
 * Short numbers stay, such as those of shops: they tell payees apart.
 */
export function masked(text: string): string {
  return masks.reduce(
    (result, [pattern, replacement]) =>
      typeof replacement === 'string'
        ? result.replace(pattern, replacement)
        : result.replace(pattern, replacement),
    text,
  );
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}
