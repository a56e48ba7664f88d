import { describe, expect, it } from 'vitest';
import { retryAfterMsOf } from '../../../src/suggestions/model/retry-after.js';

const now = '2026-11-26T12:00:00.000Z';

describe('how long a server wants to be left alone', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['in seconds', { 'retry-after': '20' }, 20_000],
    ['in parts of a second', { 'retry-after': '0.5' }, 500],
    ['as a date', { 'retry-after': 'Thu, 26 Nov 2026 12:01:30 GMT' }, 90_000],
    ['as a date that is over', { 'retry-after': 'Thu, 26 Nov 2026 11:00:00 GMT' }, 0],
    ['in milliseconds, which count first', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    [
      'by what is used up',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0.5s',
      },
      360_500,
    ],
    [
      'by what is used up alone',
      {
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '1h',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '120ms',
      },
      120,
    ],
    ['not at all', {}, undefined],
    ['in no form that is known', { 'retry-after': 'soon' }, undefined],
  ])('is said %s', (_form, headers, ms) => {
    expect(retryAfterMsOf(new Headers(headers), now)).toBe(ms);
  });
});
