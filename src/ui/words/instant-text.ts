const withinYear: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
};
// Made once: a list has thousands of instants.
const ofThisYear = new Intl.DateTimeFormat(undefined, withinYear);
const ofOtherYear = new Intl.DateTimeFormat(undefined, { ...withinYear, year: 'numeric' });

/** In the reader's zone and language. */
export function instantText(iso: string): string {
  const instant = new Date(iso);
  const isThisYear = instant.getFullYear() === new Date().getFullYear();
  return (isThisYear ? ofThisYear : ofOtherYear).format(instant);
}
