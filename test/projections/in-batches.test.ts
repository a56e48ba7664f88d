import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBatches } from '../../projections/in-batches.js';

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const batch of batches) all.push([...batch]);
  return all;
}

describe('inBatches', () => {
  it('puts what comes at once into one batch', async () => {
    async function* atOnce() {
      yield* [1, 2, 3];
    }
    expect(await collect(inBatches(atOnce(), 10))).toEqual([[1, 2, 3]]);
  });

  it('ends a batch where the source has to wait', async () => {
    async function* withAPause() {
      yield* [1, 2];
      for (let i = 0; i < 3; i++) await turn();
      yield 3;
    }
    expect(await collect(inBatches(withAPause(), 10))).toEqual([[1, 2], [3]]);
  });

  it('bounds a batch', async () => {
    async function* five() {
      yield* [1, 2, 3, 4, 5];
    }
    expect(await collect(inBatches(five(), 2))).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('yields what came before the source failed, and then the failure', async () => {
    async function* failing() {
      yield 1;
      throw new Error('the source broke');
    }
    const seen: number[] = [];
    await expect(async () => {
      for await (const batch of inBatches(failing(), 10)) seen.push(...batch);
    }).rejects.toThrow('the source broke');
    expect(seen).toEqual([1]);
  });

  it('ends the source when its consumer stops', async () => {
    let hasEnded = false;
    async function* endless() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        hasEnded = true;
      }
    }
    for await (const batch of inBatches(endless(), 3)) if (batch.length === 3) break;
    expect(hasEnded).toBe(true);
  });
});
