import { setTimeout as pause } from 'node:timers/promises';

/**
 * The end of some work, or, where it does not end within a grace after `signal` was aborted, an error: it is then left
 * to itself.
 */
export async function settledOrOverdue<T>(
  work: Promise<T>,
  signal: AbortSignal,
  graceMs: number,
): Promise<T> {
  const over = new AbortController();
  const overdue = new Promise<never>((_resolve, reject) => {
    const onStop = () => {
      pause(graceMs, undefined, { signal: over.signal }).then(
        () => {
          reject(new Error('The step did not stop when it was told to', { cause: signal.reason }));
        },
        () => undefined,
      );
    };
    signal.addEventListener('abort', onStop, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    over.abort();
  }
}
