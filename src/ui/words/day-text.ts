import { calendarDay } from './calendar-day.js';
import { capitalized } from './capitalized.js';

const days = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const thisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const otherYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** The day of an instant, as the heading of what belongs to it. In the reader's zone and language. */
export function dayText(instant: number, now: number): string {
  const daysAgo = calendarDay(now) - calendarDay(instant);
  // What lies ahead, as where the server's clock does, is of today.
  if (daysAgo < 2) return capitalized(days.format(-Math.max(0, daysAgo), 'day'));
  const isThisYear = new Date(instant).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? thisYear : otherYear).format(instant);
}
