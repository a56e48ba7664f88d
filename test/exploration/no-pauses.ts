/** Stands in for the one of `node:timers/promises`: what waits for the store to come back waits no time. */
export async function setTimeout(
  _ms: number,
  _value: undefined,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
}
