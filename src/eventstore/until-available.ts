import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreUnavailableError } from './event-store-errors.js';

const firstPauseMs = 50;
const longestPauseMs = 2000;

/**
 * Does what needs the event store, and does it again for as long as the store cannot be reached, so that
 * losing the connection for a while fails nobody. Only for work that is harmless to repeat.
 *
 * @throws EventStoreUnavailableError the store could not be reached when `signal` was aborted, or for `longestMs`
 */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  longestMs = Infinity,
): Promise<T> {
  const giveUpAt = performance.now() + longestMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EventStoreUnavailableError) || signal.aborted) throw error;
      if (performance.now() >= giveUpAt) throw error;
      // An aborted pause ends the repeats with what the store said last.
      await pause(pauseMs, undefined, { signal }).catch(() => Promise.reject(error));
    }
  }
}
