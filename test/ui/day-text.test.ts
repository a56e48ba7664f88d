import { expect, it } from 'vitest';
import { dayText } from '../../src/ui/words/day-text.js';

/** By the clock on the wall of whoever reads. */
const at = (text: string) => new Date(text).getTime();
const now = at('2026-11-27T00:00:00');

it.each([
  { of: '2026-11-27T00:00:05', is: 'Today' },
  { of: '2026-11-28T00:00:00', is: 'Today', because: 'the clock of the server may be ahead' },
  { of: '2026-11-26T23:59:59', is: 'Yesterday' },
  { of: '2026-11-25T23:59:59', is: 'Wednesday, November 25' },
  { of: '2025-12-31T08:00:00', is: 'Wednesday, December 31, 2025' },
])('calls the day of $of $is', ({ of, is }) => {
  expect(dayText(at(of), now)).toBe(is);
});
