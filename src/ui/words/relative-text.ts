import { strings } from '../strings.js';
import { calendarDay } from './calendar-day.js';
import { capitalized } from './capitalized.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const minutes = new Intl.RelativeTimeFormat(undefined, { style: 'short' });
const days = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
// Made once: a list has thousands of times.
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayOfThisYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfOtherYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/**
 * How long ago within the hour, then when. What lies ahead, as where the server's clock does, was just now. In the
 * reader's zone and language.
 */
export function relativeText(iso: string, now: number): string {
  const ago = now - Date.parse(iso);
  if (ago < minuteMs) return strings.time.justNow;
  if (ago < hourMs) return minutes.format(-Math.floor(ago / minuteMs), 'minute');
  return whenText(iso, now);
}

/** The time of today or yesterday, or else a date. */
export function whenText(iso: string, now: number): string {
  const instant = new Date(iso);
  const daysAgo = Math.max(0, calendarDay(now) - calendarDay(instant.getTime()));
  const time = timeOfDay.format(instant);
  if (daysAgo < 2) return `${capitalized(days.format(-daysAgo, 'day'))}, ${time}`;
  const isThisYear = instant.getFullYear() === new Date(now).getFullYear();
  return `${(isThisYear ? dayOfThisYear : dayOfOtherYear).format(instant)}, ${time}`;
}

/** Whether it will say the same for the rest of the day. */
export function isSettled(iso: string, now: number): boolean {
  return now - Date.parse(iso) >= hourMs;
}
