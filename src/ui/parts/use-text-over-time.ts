import { useSyncExternalStore } from 'react';
import { calendarDay } from '../words/calendar-day.js';

const tickMs = 1_000;
const everySecond = new Set<() => void>();
const everyDay = new Set<() => void>();
let now = Date.now();
let dayOfTick = calendarDay(now);
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * A text that follows from the present time, kept true for as long as it is shown; what shows it is rendered again when
 * the text changes, not every second. `isOfDayAt`: whether it stays the same until the day is over, so that of the
 * thousands of texts in a list only those are looked at each second that may change.
 */
export function useTextOverTime(
  textAt: (now: number) => string,
  isOfDayAt: (now: number) => boolean = () => false,
): string {
  return useSyncExternalStore(isOfDayAt(now) ? subscribeToDays : subscribeToSeconds, () => textAt(now));
}

const subscribeToSeconds = (listener: () => void) => subscribe(everySecond, listener);
const subscribeToDays = (listener: () => void) => subscribe(everyDay, listener);

/** One timer for all of the page, and none where nothing needs it. */
function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(tick, tickMs);
  return () => {
    listeners.delete(listener);
    if (everySecond.size + everyDay.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of everySecond) listener();
  const day = calendarDay(now);
  if (day === dayOfTick) return;
  dayOfTick = day;
  for (const listener of everyDay) listener();
}
