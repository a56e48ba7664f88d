const withinYear: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
};

/** In the reader's zone and language. */
export function instantText(iso: string): string {
  const instant = new Date(iso);
  const isThisYear = instant.getFullYear() === new Date().getFullYear();
  return instant.toLocaleString(undefined, isThisYear ? withinYear : { ...withinYear, year: 'numeric' });
}
