import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may go on before others have their turn. */
const turnMs = 10;

/** Does work step by step, with turns of the event loop for others in between. Rejects with the signal's reason. */
export async function inTurns(steps: Iterable<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let pauseAt = performance.now() + turnMs;
  for (const _ of steps) {
    if (performance.now() < pauseAt) continue;
    await nextTurn();
    signal.throwIfAborted();
    pauseAt = performance.now() + turnMs;
  }
}
