import { expect, it } from 'vitest';
import { durationText, elapsedText } from '../../src/ui/words/duration-text.js';

it.each([
  [-5, 'less than 0.1 s'],
  [49, 'less than 0.1 s'],
  [276, '0.3 s'],
  [999, '1 s'],
  [1_250, '1.3 s'],
  [59_940, '59.9 s'],
  [60_000, '1 min 0 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h 0 min'],
  [48 * 3_600_000, '2 days'],
])('says %i ms as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it('counts what goes on in whole seconds', () => {
  expect([elapsedText(-1), elapsedText(999), elapsedText(1_999), elapsedText(61_999)]).toEqual([
    '0 s',
    '0 s',
    '1 s',
    '1 min 1 s',
  ]);
});
