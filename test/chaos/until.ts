import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with what `look` gives as soon as that is something; with nothing where it takes longer. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  { patienceMs = Infinity, everyMs = 20 }: { readonly patienceMs?: number; readonly everyMs?: number } = {},
): Promise<T | undefined> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() >= giveUpAt) return found;
    await pause(everyMs);
  }
}
