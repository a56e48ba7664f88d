const firstMs = 500;
const maxMs = 5_000;

/** Longer after each failure in a row, and never the same for all pages of a server that came back. */
export function reconnectDelayMs(failuresInARow: number): number {
  return Math.min(firstMs * 2 ** failuresInARow, maxMs) * (0.5 + Math.random() / 2);
}
