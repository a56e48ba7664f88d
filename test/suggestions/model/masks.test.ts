import { describe, expect, it } from 'vitest';
import { masked } from '../../../src/suggestions/model/masks.js';

describe('a text that leaves for the model', () => {
  it.each([
    ['REWE SAGT DANKE DE89 3704 0044 0532 0130 00', 'REWE SAGT DANKE [iban]'],
    ['SEPA GB29NWBK60161331926819 RENT', 'SEPA [iban] RENT'],
    ['to nl91abna0417164300 thanks', 'to [iban] thanks'],
    ['CARD 4111 1111 1111 1111 NETFLIX.COM', 'CARD [number] NETFLIX.COM'],
    ['VISA 5500-0000-0000-0004', 'VISA [number]'],
    ['amex 378282246310005', 'amex [number]'],
    ['PAYPAL *jane.doe+shop@mail.example.co.uk', 'PAYPAL *[e-mail]'],
    ['jörg@übung.example wants rent', '[e-mail] wants rent'],
    ['Ref 2038477561 order', 'Ref [number] order'],
    ['CALL +49 170 1234567 NOW', 'CALL +[number] NOW'],
    ['Customer 123456', 'Customer [number]'],
    ['Mandate 12-34-56 78901234', 'Mandate [number]'],
    ['4111  1111  1111  1111', '[number]'],
    ['4111\u00a01111\u00a01111\u00a01111', '[number]'],
    ['4111_1111_1111_1111', '[number]'],
    ['4111–1111–1111–1111', '[number]'],
    ['4111\u200b1111\u200b1111\u200b1111', '[number]'],
    ['DE89\t3704\t0044\t0532\t0130\t00', '[iban]'],
    ['DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000', '[iban]'],
    ['DE89  3704  0044  0532  0130  00', '[iban]'],
    ['GB29   NWBK   6016   1331   9268   19', '[iban]'],
    ['Card 4111   1111   1111   1111', 'Card [number]'],
    ['Card 4111*1111*1111*1111', 'Card [number]'],
    ['Card 4111 · 1111 · 1111 · 1111', 'Card [number]'],
    ['Card (4111) 1111:1111|1111', 'Card ([number]'],
    ['Tel 07946 / 095 812', 'Tel [number]'],
    ['Card ４１１１１１１１１１１１１１１１', 'Card [number]'],
    ['Card ٤١١١ ١١١١ ١١١١ ١١١١', 'Card [number]'],
    ['john.doe @ gmail.example', '[e-mail]'],
    ['john＠mail.example', '[e-mail]'],
    ['john%40mail.example', '[e-mail]'],
  ])('holds no account, card, address or long number: %s', (text, sent) => {
    expect(masked(text)).toBe(sent);
  });

  it.each(['TESCO STORES 6299', '7-ELEVEN 1402', 'H&M', 'Studio 54', 'A1 Telekom 24/7', 'MC DONALDS 12345'])(
    'keeps the short numbers by which payees are told apart: %s',
    (text) => {
      expect(masked(text)).toBe(text);
    },
  );

  it('is cut where it is long, and not in the middle of a number', () => {
    const sent = masked(`${'x'.repeat(1_990)} DE89370400440532013000`);

    expect(sent.trim()).toBe('x'.repeat(1_990));
  });
});
