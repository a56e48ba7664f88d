const minuteMs = 60_000;
const minutes = new Intl.RelativeTimeFormat(undefined, { style: 'short' });
const days = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const timeOfDay: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };

/**
 * How long ago within the hour, then the time of today or yesterday, then a date. What lies ahead, as where
 * the server's clock does, was just now. In the reader's zone and language.
 */
export function relativeText(iso: string, now: number): string {
  const instant = new Date(iso);
  const ago = now - instant.getTime();
  if (ago < minuteMs) return 'Just now';
  if (ago < 60 * minuteMs) return minutes.format(-Math.floor(ago / minuteMs), 'minute');
  const daysAgo = calendarDay(now) - calendarDay(instant.getTime());
  const time = instant.toLocaleTimeString(undefined, timeOfDay);
  if (daysAgo < 2) return `${capitalized(days.format(-daysAgo, 'day'))}, ${time}`;
  const isThisYear = instant.getFullYear() === new Date(now).getFullYear();
  const date = instant.toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  });
  return `${date}, ${time}`;
}

/** Counted from some day on, by the reader's midnights. */
function calendarDay(instant: number): number {
  const date = new Date(instant);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}

function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
