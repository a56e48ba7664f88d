import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadOptions } from '../../src/eventstore/event-store.js';
import { append, newEvent, newEvents, newStream } from './contract-events.js';
import type { CurrentStore } from './current-store.js';
import { follow, isCaughtUp } from './follow.js';

export function describeReading(current: CurrentStore): void {
  describe('reading', () => {
    let stream: string;
    beforeAll(async () => {
      stream = newStream();
      await append(current(), stream, newEvents(10), 'no-stream');
    });

    it.each<[string, ReadOptions | undefined, readonly number[]]>([
      ['everything', undefined, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['from a revision, that included', { fromRevision: 7 }, [7, 8, 9]],
      ['a first page', { limit: 3 }, [0, 1, 2]],
      ['a page in the middle', { fromRevision: 3, limit: 3 }, [3, 4, 5]],
      ['a last page that is not full', { fromRevision: 8, limit: 3 }, [8, 9]],
      ['backwards', { direction: 'backwards' }, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
      ['the last one', { direction: 'backwards', limit: 1 }, [9]],
      ['backwards from a revision', { direction: 'backwards', fromRevision: 2 }, [2, 1, 0]],
      ['a page backwards', { direction: 'backwards', fromRevision: 6, limit: 3 }, [6, 5, 4]],
      ['nothing beyond its end', { fromRevision: 10 }, []],
    ])('gives the events of a stream in order: %s', async (_, options, expected) => {
      const events = await current().read(stream, options);

      expect(events.map(({ revision }) => revision)).toEqual(expected);
      expect(events.map(({ data }) => data?.number)).toEqual(expected);
    });

    it('gives what accompanies an event as it was appended, and nothing where nothing did', async () => {
      const other = newStream();
      const metadata = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', "ü'": [1] };
      await append(current(), other, [{ ...newEvent(), metadata }, newEvent()]);
      const [first, second] = await current().read(other);
      expect(first?.metadata).toEqual(metadata);
      expect(second?.metadata).toBeUndefined();
      const follower = follow(current(), { streamPrefixes: [other] });
      await follower.until(isCaughtUp);
      await follower.stop();
      expect(follower.events.map((event) => event.metadata)).toEqual([metadata, undefined]);
    });

    it('gives nothing where there is no stream, in both directions', async () => {
      expect(await current().read(newStream())).toEqual([]);
      expect(await current().read(newStream(), { direction: 'backwards', limit: 1 })).toEqual([]);
    });

    it('shows what was acknowledged before', async () => {
      const other = newStream();
      for (let revision = 0; revision < 20; revision++) {
        await append(current(), other, newEvents(1));
        expect((await current().read(other)).at(-1)?.revision).toBe(revision);
      }
    });
  });

  describe('positions', () => {
    it('rise as text from event to event and from append to append, over all streams', async () => {
      const streams = [newStream(), newStream(), newStream()];
      const answered: string[] = [];
      for (let round = 0; round < 15; round++) {
        const stream = streams[round % 3] ?? '';
        answered.push((await append(current(), stream, newEvents(3))).position);
      }

      const read = (await Promise.all(streams.map((stream) => current().read(stream)))).flat();

      const positions = read.map(({ position }) => position).sort();
      expect(new Set(positions).size).toBe(45);
      expect(answered).toEqual([...answered].sort());
      expect(positions.filter((_, index) => index % 3 === 2)).toEqual(answered);
      for (const stream of streams) {
        const own = read.filter((event) => event.stream === stream).map(({ position }) => position);
        expect(own).toEqual([...own].sort());
      }
    });

    it('tell how much of the log lies before them', async () => {
      const positions: string[] = [];
      for (let round = 0; round < 5; round++) {
        positions.push((await append(current(), newStream(), newEvents(10))).position);
      }

      const progress = await Promise.all(positions.map((position) => current().progressAt(position)));

      expect(progress).toEqual([...new Set(progress)].sort());
      expect(progress[0]).toBeGreaterThan(0);
      expect(progress.at(-1)).toBeLessThanOrEqual(1);
    });

    it('tell where nothing lies behind them', async () => {
      // Others may use the store, too, and append between the two.
      await expect
        .poll(async () => {
          const { position } = await append(current(), newStream(), newEvents(1));
          return current().progressAt(position);
        })
        .toBe(1);
    });

    it('tell nothing of the kind where they have not their form', async () => {
      await expect(current().progressAt('nonsense')).rejects.toMatchObject({ position: 'nonsense' });
    });
  });
}
