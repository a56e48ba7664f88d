import { expect, it } from 'vitest';
import { isSettled, relativeText } from '../../src/ui/words/relative-text.js';

/** By the clock on the wall of whoever reads. */
const at = (text: string) => new Date(text).toISOString();
const now = new Date('2026-11-27T12:00:00').getTime();

it.each([
  { of: '2026-11-27T12:00:05', is: 'Just now', because: 'the clock of the server may be ahead' },
  { of: '2026-11-27T11:59:01', is: 'Just now', because: 'seconds are no news' },
  { of: '2026-11-27T11:59:00', is: '1 min. ago', because: 'a minute has gone by' },
  { of: '2026-11-27T11:00:01', is: '59 min. ago', because: 'it was within the hour' },
  { of: '2026-11-27T11:00:00', is: 'Today, 11:00 AM', because: 'it was today' },
  { of: '2026-11-26T23:59:59', is: 'Yesterday, 11:59 PM', because: 'midnight lies between' },
  { of: '2026-11-25T23:59:00', is: 'Nov 25, 11:59 PM', because: 'it was this year' },
  { of: '2025-12-31T08:00:00', is: 'Dec 31, 2025, 8:00 AM', because: 'it was another year' },
])('says $is where $because', ({ of, is }) => {
  expect(relativeText(at(of), now).replaceAll('\u202F', ' ')).toBe(is);
});

it.each([
  { of: '2026-11-27T11:00:01', is: false },
  { of: '2026-11-27T11:00:00', is: true },
])('says the same for the rest of the day from an hour on: $of', ({ of, is }) => {
  expect(isSettled(at(of), now)).toBe(is);
  expect(relativeText(at(of), now) === relativeText(at(of), now + 60_000)).toBe(is);
});
