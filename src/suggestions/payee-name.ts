import { shownText } from './shown-text.js';

/** Bank texts are shorter; what is longer is told apart by its beginning. */
const maxLength = 100;

/** Under which a payee's name is known, however it is spaced or capitalised; '' where there is no name. */
export function payeeKey(payee: string | null): string {
  return shownText(payee ?? '', maxLength)
    .normalize('NFKC')
    .toLowerCase();
}

/** The different words and numbers of a payee's key. */
export function payeeWords(key: string): readonly string[] {
  return [...new Set(key.match(/[\p{L}\p{N}]+/gu))];
}
