import { beforeEach, describe, expect, it } from 'vitest';
import { ProjectionLag } from '../../projections/projection-lag.js';

let elapsedMs: number;
let shown: number[];
let lag: ProjectionLag;

beforeEach(() => {
  elapsedMs = 1_000;
  shown = [];
  lag = new ProjectionLag(
    (lagMs) => shown.push(lagMs),
    () => elapsedMs,
  );
});

describe('the lag of the projections', () => {
  it('is what passes from the acknowledgement of an append until queries show it', () => {
    lag.appended('job-1', '03');
    elapsedMs += 40;
    lag.appended('lane-b', '05');
    elapsedMs += 2;
    lag.applied('04');
    expect(shown).toEqual([42]);
    elapsedMs += 8;
    lag.applied('05');
    expect(shown).toEqual([42, 10]);
  });

  it('is nothing where an event was shown before whoever appended it was told', () => {
    lag.applied('07');
    elapsedMs += 5;
    lag.appended('job-1', '07');
    expect(shown).toEqual([0]);
    expect(lag.oldestMs).toBe(0);
  });

  it('grows while nothing is shown, by the oldest', () => {
    lag.appended('job-1', '03');
    elapsedMs += 100;
    lag.appended('job-1', '04');
    elapsedMs += 1_000;
    expect(lag.oldestMs).toBe(1_100);
    lag.applied('03');
    expect(lag.oldestMs).toBe(1_000);
    lag.applied('04');
    expect(lag.oldestMs).toBe(0);
  });

  it('counts no streams that no read model follows', () => {
    lag.appended('runner-1', '03');
    lag.appended('tokens', '04');
    elapsedMs += 100;
    expect(lag.oldestMs).toBe(0);
    lag.applied('09');
    expect(shown).toEqual([]);
  });

  it('remembers no more than so many, the oldest first, while nothing is shown', () => {
    for (let n = 0; n < 10_100; n++) lag.appended('job-1', String(n).padStart(6, '0'));
    elapsedMs += 7;
    lag.applied('999999');
    expect(shown).toHaveLength(10_000);
    expect(new Set(shown)).toEqual(new Set([7]));
  });
});
