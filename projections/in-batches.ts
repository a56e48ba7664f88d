/**
 * Groups what comes in quick succession: a batch ends when the source has nothing more to give in this turn
 * of the event loop, or at `limit`. Nothing is held back to fill a batch.
 */
export async function* inBatches<T>(source: AsyncIterable<T>, limit: number): AsyncIterable<readonly T[]> {
  const iterator = source[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    for (;;) {
      const first = await pending;
      if (first.done) return;
      const batch = [first.value];
      const turnIsOver = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
      pending = iterator.next();
      while (batch.length < limit) {
        // Why the source failed is found out after what came before is delivered.
        const more = await Promise.race([pending.catch(() => undefined), turnIsOver]);
        if (!more || more.done) break;
        batch.push(more.value);
        pending = iterator.next();
      }
      yield batch;
    }
  } finally {
    // Whoever stops early must still hear of nothing that fails later.
    pending.catch(() => undefined);
    await iterator.return?.();
  }
}
