/** Line breaks, halves of characters, and marks that turn the direction of the text around them. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of any kind and length as one line of at most `maxLength` UTF-16 units, with "…" where it was cut. */
export function shownText(text: string, maxLength: number): string {
  // Longer than what is shown, since some of it may go.
  const start = text.slice(0, 4 * maxLength);
  const line = start.replace(unfit, ' ').replace(/\s+/g, ' ').trim();
  if (line.length <= maxLength && start.length === text.length) return line;
  const cut = line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '');
  return `${cut.trimEnd()}…`;
}
