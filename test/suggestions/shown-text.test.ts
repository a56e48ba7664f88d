import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownText } from '../../src/suggestions/shown-text.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\ud83d', '\u{1f6d2}', '\u202e'), maxLength: 200 }),
);

describe('text that is shown', () => {
  it('is as it was where it is short and plain', () => {
    expect(shownText('Café “Zur Post” 🛒', 20)).toBe('Café “Zur Post” 🛒');
  });

  it('has one space in place of line breaks, control characters and marks that turn its direction', () => {
    expect(shownText('\u202eLIDL\r\n\u0000 GmbH\u2028', 20)).toBe('LIDL GmbH');
  });

  it('is cut where it is longer than allowed', () => {
    expect(shownText('abcdef', 6)).toBe('abcdef');
    expect(shownText('abcdefg', 6)).toBe('abcde…');
  });

  it('keeps no half of a character where it is cut', () => {
    expect(shownText('abc🛒def', 5)).toBe('abc…');
    expect(shownText('🛒'.repeat(10_000), 5)).toBe('🛒🛒…');
  });

  it('is never longer than allowed, well formed and on one line, whatever it was', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, maxLength) => {
        const shown = shownText(text, maxLength);
        expect(shown.length).toBeLessThanOrEqual(maxLength);
        expect(shown).not.toMatch(/[\p{Cs}\p{Cc}\u202e]/u);
      }),
    );
  });
});
