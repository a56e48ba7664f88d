const withinYear: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
};
const thisYear = new Intl.DateTimeFormat(undefined, withinYear);
const anyYear = new Intl.DateTimeFormat(undefined, { ...withinYear, year: 'numeric' });

/** In the reader's zone and language. "AM" and "PM" stay on the line of their time. */
export function instantText(iso: string): string {
  const instant = new Date(iso);
  const isThisYear = instant.getFullYear() === new Date().getFullYear();
  return (isThisYear ? thisYear : anyYear)
    .formatToParts(instant)
    .map(({ type, value }, index, parts) =>
      type === 'literal' && parts[index + 1]?.type === 'dayPeriod' ? '\u00a0' : value,
    )
    .join('');
}
