/** 'YYYY-MM-DD', as a calendar on the wall of this machine says. */
export function localDay(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
