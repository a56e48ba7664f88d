import { describe, expect, it } from 'vitest';
import { payeeKey, payeeWords } from '../../src/suggestions/payee-name.js';

describe('one payee', () => {
  it.each(['LIDL Gmbh', 'lidl gmbh', '  Lidl\n GMBH ', 'ＬＩＤＬ gmbh'])(
    'is known however it is written: %j',
    (name) => {
      expect(payeeKey(name)).toBe('lidl gmbh');
    },
  );

  it('is another one where the number differs', () => {
    expect(payeeKey('Tesco 6299')).not.toBe(payeeKey('Tesco 5854'));
  });

  it.each([null, '', ' \t ', '\u0000'])('is none where the name is %j', (name) => {
    expect(payeeKey(name)).toBe('');
  });

  it('is told from others by the beginning of its name alone where that is long', () => {
    expect(payeeKey('a'.repeat(10_000))).toBe(payeeKey('a'.repeat(20_000)));
  });
});

describe('the words of a payee', () => {
  it('are its letters and numbers, each once, in any script', () => {
    expect(payeeWords(payeeKey('PayPal *ŁÓDŹ-Shop shop 東京 4029'))).toEqual([
      'paypal',
      'łódź',
      'shop',
      '東京',
      '4029',
    ]);
  });

  it('are none where there are only signs', () => {
    expect(payeeWords(payeeKey('🛒 *** !'))).toEqual([]);
  });
});
