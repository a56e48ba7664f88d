/**
 * What may be said of an error that nobody expected: its code, or else its name. What it says itself may quote the
 * address of the store, and the password in it.
 */
export function nameOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
