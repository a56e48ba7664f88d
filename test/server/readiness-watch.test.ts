import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PartStates } from '../../src/server/readiness.js';
import { ReadinessWatch } from '../../src/server/readiness-watch.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();

let watch: ReadinessWatch;
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

/** A watch over parts that a test changes, at a time that a test sets. */
function watched(first: PartStates) {
  vi.useFakeTimers({ now: Date.parse(at(0)) });
  let parts = first;
  watch = new ReadinessWatch({ look: () => parts, now: () => new Date().toISOString() });
  return (next: PartStates) => {
    parts = next;
  };
}

describe('the watch over readiness', () => {
  it('is ready when all parts are', () => {
    const become = watched({ a: { ready: true, status: 'UP' }, b: { ready: false, status: 'DOWN' } });
    expect(watch.look()).toMatchObject({ ready: false });
    become({ a: { ready: true, status: 'UP' }, b: { ready: true, status: 'UP' } });
    expect(watch.look()).toMatchObject({ ready: true });
  });

  it('knows since when each part has its status, whether or not somebody asked then', () => {
    const become = watched({
      a: { ready: true, status: 'UP', parts: { inner: { ready: true, status: 'UP' } } },
    });
    vi.advanceTimersByTime(5_000);
    become({ a: { ready: false, status: 'DOWN', parts: { inner: { ready: true, status: 'UP' } } } });
    vi.advanceTimersByTime(60_000);
    expect(watch.look()).toEqual({
      ready: false,
      since: at(6),
      parts: {
        a: {
          ...{ ready: false, status: 'DOWN', since: at(6) },
          parts: { inner: { ready: true, status: 'UP', since: at(0) } },
        },
      },
    });
  });

  it('tells why and how far behind as it is now, not as it was when the status began', () => {
    const down = (reason: string, seconds: number): PartStates => ({
      a: { ready: false, status: 'DOWN', reason, behind: { seconds, shareOfLog: null, secondsLeft: null } },
    });
    const become = watched(down('It broke.', 1));
    vi.advanceTimersByTime(10_000);
    become(down('It is mended.', 11));
    expect(watch.look().parts.a).toMatchObject({
      since: at(0),
      reason: 'It is mended.',
      behind: { seconds: 11 },
    });
  });
});
