import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAt, withLongWait, type RetryPolicy } from '../../src/application/retry-policy.js';
import { failure, failureCodes, type Failure } from '../../src/domain/failure.js';
import { now, unreachable, wrongPassword } from '../support/job-history.js';

const policy: RetryPolicy = { maxAttempts: 5, baseMs: 1000, maxMs: 60_000, maxRetryAfterMs: 300_000 };

interface Circumstances {
  readonly failure?: Failure;
  readonly failedBefore?: number;
  readonly retryAfterMs?: number | undefined;
  readonly random?: number;
}

/** How long the pause is, in milliseconds; null: it is not tried again. */
function pauseMs(circumstances: Circumstances = {}): number | null {
  const usual = { failure: unreachable, failedBefore: 0, retryAfterMs: undefined, now, random: 1 };
  const at = retryAt(policy, { ...usual, ...circumstances });
  return at === null ? null : Date.parse(at) - Date.parse(now);
}

describe('a failure after which the other side wants a long pause', () => {
  it('says how long that is where nobody waits for it here', () => {
    expect(withLongWait(unreachable, 4_000_000, policy)).toEqual({
      ...unreachable,
      action: 'It asked to be left alone for 67 min: retry after that.',
    });
  });

  it.each([undefined, 0, 300_000, 1e15, Infinity])(
    'stays as it is where it is waited for, or not meant (%s ms)',
    (retryAfterMs) => {
      expect(withLongWait(unreachable, retryAfterMs, policy)).toEqual(unreachable);
    },
  );
});

describe('the pause before the next attempt', () => {
  it('doubles with each attempt', () => {
    expect([0, 1, 2, 3].map((failedBefore) => pauseMs({ failedBefore }))).toEqual([1000, 2000, 4000, 8000]);
  });

  it('is half fixed and half by chance, so that not all come back at once', () => {
    expect(pauseMs({ random: 0 })).toBe(500);
    expect(pauseMs({ random: 0.5 })).toBe(750);
  });

  it('is as long as the other side asked for, where that is longer', () => {
    expect(pauseMs({ retryAfterMs: 30_000 })).toBe(30_000);
    expect(pauseMs({ retryAfterMs: 10 })).toBe(1000);
  });

  it('is bounded, and never shorter than was asked for', () => {
    fc.assert(
      fc.property(
        fc.record({
          failedBefore: fc.integer({ min: 0, max: 3 }),
          retryAfterMs: fc.option(fc.double({ min: 0, max: 300_000, noNaN: true }), { nil: undefined }),
          random: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        (circumstances) => {
          const pause = pauseMs(circumstances);
          expect(pause).toBeGreaterThanOrEqual(circumstances.retryAfterMs ?? 0);
          expect(pause).toBeGreaterThanOrEqual(policy.baseMs / 2);
          expect(pause).toBeLessThanOrEqual(Math.max(policy.maxMs, policy.maxRetryAfterMs));
        },
      ),
    );
  });

  it.each([1e15, Infinity])('does not heed what nobody can mean (%d ms)', (retryAfterMs) => {
    expect(pauseMs({ retryAfterMs })).toBe(pauseMs({}));
  });

  it('does not grow without end where many attempts are allowed', () => {
    const patient = { ...policy, maxAttempts: 1000 };
    const usual = { failure: unreachable, retryAfterMs: undefined, now, random: 1 };
    const at = retryAt(patient, { ...usual, failedBefore: 998 });
    expect(Date.parse(at ?? '') - Date.parse(now)).toBe(60_000);
  });
});

describe('there is no next attempt', () => {
  it('after the last one that is allowed', () => {
    expect(pauseMs({ failedBefore: 3 })).not.toBeNull();
    expect(pauseMs({ failedBefore: 4 })).toBeNull();
  });

  it('where the same would only happen again', () => {
    expect(pauseMs({ failure: wrongPassword })).toBeNull();
    expect(pauseMs({ failure: failure('ACTUAL_UNREACHABLE', { retryable: false }) })).toBeNull();
  });

  it('where the other side asks for more patience than there is', () => {
    expect(pauseMs({ retryAfterMs: 300_000 })).toBe(300_000);
    expect(pauseMs({ retryAfterMs: 300_001 })).toBeNull();
  });

  it('by itself where the user had better know first', () => {
    const byItself = failureCodes.filter((code) => pauseMs({ failure: failure(code) }) !== null);
    expect(byItself.sort()).toEqual([
      ...['ACTUAL_RATE_LIMITED', 'ACTUAL_SERVER_ERROR', 'ACTUAL_TIMEOUT', 'ACTUAL_UNREACHABLE'],
      ...['MODEL_BAD_ANSWER', 'MODEL_RATE_LIMITED', 'MODEL_TIMEOUT', 'MODEL_UNREACHABLE'],
      'PREREQUISITE_FAILED',
    ]);
  });
});
