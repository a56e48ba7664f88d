import { useSyncExternalStore } from 'react';

const tickMs = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * A text that follows from the present time, kept true for as long as it is shown; what shows it is rendered again when
 * the text changes, not every second.
 */
export function useTextOverTime(textAt: (now: number) => string): string {
  return useSyncExternalStore(subscribe, () => textAt(now));
}

/** One timer for all of the page, and none where nothing needs it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}
