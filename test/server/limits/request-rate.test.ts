import { describe, expect, it } from 'vitest';
import { RequestRate } from '../../../src/server/limits/request-rate.js';

describe('what one may ask for within a minute', () => {
  it('is so much, then nothing until the minute is over', () => {
    let now = 1_000;
    const rate = new RequestRate(2, () => now);

    expect([rate.take('ann'), rate.take('ann'), rate.take('ann')]).toEqual([0, 0, 60]);
    now += 59_001;
    expect(rate.take('ann')).toBe(1);
    now += 999;
    expect([rate.take('ann'), rate.take('ann'), rate.take('ann')]).toEqual([0, 0, 60]);
  });

  it('may be taken at once by one request that counts as many, which is answered all the same', () => {
    const rate = new RequestRate(2, () => 0);

    expect([rate.take('ann', 100), rate.take('ann')]).toEqual([0, 60]);
  });

  it('is taken by nobody else', () => {
    const rate = new RequestRate(1, () => 0);

    expect([rate.take('ann'), rate.take('bob'), rate.take('ann')]).toEqual([0, 0, 60]);
  });

  it('is forgotten of those who asked longest ago, where there are a great many', () => {
    const rate = new RequestRate(1, () => 0);
    rate.take('ann');
    for (let n = 0; n < 10_000; n++) rate.take(`stranger ${n}`);

    expect(rate.take('ann')).toBe(0);
    expect(rate.take('stranger 9999')).toBe(60);
  });
});
