import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { append, newEvents, newStream } from './contract-events.js';
import type { CurrentStore } from './current-store.js';
import { follow as followStore, hasSeen, isCaughtUp, type FollowOptions, type Follower } from './follow.js';

export function describeSubscriptions(current: CurrentStore): void {
  let followers: Follower[] = [];
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    followers = [];
  });
  const follow = (options: FollowOptions) => {
    const follower = followStore(current(), options);
    followers.push(follower);
    return follower;
  };
  const numbersOf = ({ events }: Follower) => events.map(({ data }) => data?.number);

  describe('a subscription', () => {
    it('delivers the history of all matching streams in the order of the log, a mark, then what comes', async () => {
      const prefix = newStream();
      const [one, other] = [`${prefix}-one`, `${prefix}-other`];
      await append(current(), one, newEvents(2, 0));
      await append(current(), other, newEvents(1, 2));
      await append(current(), newStream(), newEvents(5, 100));
      await append(current(), one, newEvents(1, 3));

      const follower = follow({ streamPrefixes: [prefix] });
      await follower.until(isCaughtUp);
      await append(current(), newStream(), newEvents(5, 100));
      const { position } = await append(current(), other, newEvents(2, 4));
      await follower.until(hasSeen(position));

      expect(numbersOf(follower)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(follower.items.findIndex(({ kind }) => kind === 'caught-up')).toBe(4);
      expect(follower.events).toEqual(await inLogOrder(current(), [one, other]));
    });

    it('tells of no gap where there is none', async () => {
      const stream = newStream();
      const { position: after } = await append(current(), stream, newEvents(1));
      let gaps = 0;
      const onGap = () => {
        gaps += 1;
        return Promise.resolve();
      };

      const follower = follow({ after, streamPrefixes: [stream], onGap });
      await follower.until(isCaughtUp);
      const { position } = await append(current(), stream, newEvents(1));
      await follower.until(hasSeen(position));

      expect(gaps).toBe(0);
    });

    it('begins after any position of the log', async () => {
      const prefix = newStream();
      for (let number = 0; number < 8; number += 2) {
        await append(current(), `${prefix}-${number % 3}`, newEvents(2, number));
      }
      const log = await inLogOrder(
        current(),
        [0, 1, 2].map((each) => `${prefix}-${each}`),
      );
      expect(log).toHaveLength(8);

      const rest = log.map(({ position: after }) => follow({ after, streamPrefixes: [prefix] }));
      await Promise.all(rest.map((follower) => follower.until(isCaughtUp)));

      expect(rest.map(({ events }) => events)).toEqual(log.map((_, index) => log.slice(index + 1)));
    });

    it('can tell what is a position from what is none', async () => {
      const { position } = await append(current(), newStream(), newEvents(1));

      expect(current().isPosition(position)).toBe(true);
      for (const other of ['', ' ', 'nonsense', '-1', position.slice(1), `${position}0`, ` ${position}`]) {
        expect(current().isPosition(other)).toBe(false);
      }
    });

    it('is caught up at once where there is nothing yet', async () => {
      const prefix = newStream();
      const follower = follow({ streamPrefixes: [prefix] });
      await follower.until(isCaughtUp);
      expect(follower.events).toEqual([]);

      const { position } = await append(current(), prefix, newEvents(1));

      await follower.until(hasSeen(position));
    });

    it('delivers a long history whole and in order', async () => {
      const prefix = newStream();
      for (let from = 0; from < 3000; from += 500) await append(current(), prefix, newEvents(500, from));

      const follower = follow({ streamPrefixes: [prefix] });
      await follower.until(isCaughtUp);

      expect(numbersOf(follower)).toEqual([...Array(3000).keys()]);
    });

    it('has no gap and no repeat wherever it begins while others append', async () => {
      const prefix = newStream();
      const streams = Array.from({ length: 5 }, (_, index) => `${prefix}-${index}`);
      const observed: { follower: Follower; after: string | undefined }[] = [];
      const observe = (after: string | undefined) => {
        observed.push({ follower: follow({ after, streamPrefixes: [prefix] }), after });
      };

      observe(undefined);
      await Promise.all(
        streams.map(async (_, writer) => {
          for (let round = 0; round < 40; round++) {
            const stream = streams[(writer + round) % streams.length] ?? '';
            const { position } = await append(current(), stream, newEvents(1 + (round % 3)));
            if (round % 10 === writer) observe(round % 20 === writer ? position : undefined);
          }
        }),
      );
      const { position } = await append(current(), prefix, newEvents(1));
      await Promise.all(observed.map(({ follower }) => follower.until(hasSeen(position))));

      const log = (await inLogOrder(current(), [...streams, prefix])).map((event) => event.position);
      expect(observed).toHaveLength(21);
      for (const { follower, after } of observed) {
        await follower.until(isCaughtUp);
        expect(follower.events.map((event) => event.position)).toEqual(
          log.filter((each) => after === undefined || each > after),
        );
      }
    });

    it('matches the beginnings of names and nothing else', async () => {
      const base = newStream();
      const names = ['a_b-1', 'aXb-1', 'ä%-1', 'ä-1', 'A_B-1', 'a_b'].map((name) => `${base}${name}`);
      names.push(newStream(`other-${base}a_b-`));
      for (const name of names) await append(current(), name, newEvents(1));

      const follower = follow({ streamPrefixes: [`${base}a_b-`, `${base}ä%`] });
      await follower.until(isCaughtUp);

      expect(follower.events.map(({ stream }) => stream)).toEqual([names[0], names[2]]);
    });

    it('delivers the events of all streams where no names are given', async () => {
      const { position: after } = await append(current(), newStream(), newEvents(1));
      const streams = [newStream('one-'), newStream('other-')];
      for (const stream of streams) await append(current(), stream, newEvents(2));

      const follower = follow({ after });
      await follower.until(isCaughtUp);

      const own = follower.events.filter(({ stream }) => streams.includes(stream));
      expect(own).toEqual(await inLogOrder(current(), streams));
    });

    it('shows only what can be read already', async () => {
      const prefix = newStream();
      const unread: RecordedEvent[] = [];
      const follower = follow({
        streamPrefixes: [prefix],
        onItem: async (item) => {
          if (item.kind !== 'event') return;
          const { stream, revision } = item.event;
          const [read] = await current().read(stream, { fromRevision: revision, limit: 1 });
          if (read?.id !== item.event.id) unread.push(item.event);
        },
      });
      await follower.until(isCaughtUp);

      await Promise.all(
        newEvents(50).map((event, index) => append(current(), `${prefix}${index % 5}`, [event])),
      );
      await follower.until(({ events }) => events.length === 50);
      await follower.stop();

      expect(unread).toEqual([]);
    });

    it('delivers what its consumer appends', async () => {
      const prefix = newStream();
      const follower = follow({
        streamPrefixes: [prefix],
        onItem: async (item) => {
          if (item.kind !== 'event' || item.event.revision === 20) return;
          await append(current(), prefix, newEvents(1, item.event.revision + 1), item.event.revision);
        },
      });

      await append(current(), prefix, newEvents(1, 0), 'no-stream');

      await follower.until(({ events }) => events.length === 21);
      expect(numbersOf(follower)).toEqual([...Array(21).keys()]);
    });
  });

  describe('several subscriptions', () => {
    it('deliver to each its own events, all of them', async () => {
      const prefix = newStream();
      const kinds = ['x', 'y', 'z'].map((kind) => `${prefix}-${kind}`);
      const all = Array.from({ length: 10 }, () => follow({ streamPrefixes: [prefix] }));
      const each = kinds.map((kind) => follow({ streamPrefixes: [kind] }));

      const appends = newEvents(60).map((event, index) => append(current(), kinds[index % 3] ?? '', [event]));
      const positions = (await Promise.all(appends)).map(({ position }) => position).sort();
      await Promise.all(all.map((follower) => follower.until(({ events }) => events.length === 60)));
      await Promise.all(each.map((follower) => follower.until(({ events }) => events.length === 20)));

      for (const follower of all) {
        expect(follower.events.map(({ position }) => position)).toEqual(positions);
      }
      for (const [index, follower] of each.entries()) {
        expect(follower.events).toEqual(await inLogOrder(current(), [kinds[index] ?? '']));
      }
    });

    it('wait for their own consumer only, and a slow one misses nothing', async () => {
      const prefix = newStream();
      await append(current(), prefix, newEvents(600));
      let letGoOn: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (letGoOn = resolve));
      const slow = follow({
        streamPrefixes: [prefix],
        onItem: ({ kind }) => (kind === 'event' ? gate : Promise.resolve()),
      });
      await slow.until(({ events }) => events.length === 1);

      const quick = follow({ streamPrefixes: [prefix] });
      await quick.until(isCaughtUp);
      for (let from = 600; from < 1800; from += 300) await append(current(), prefix, newEvents(300, from));
      await quick.until(({ events }) => events.length === 1800);
      expect(slow.events).toHaveLength(1);

      letGoOn();
      await slow.until(({ events }) => events.length === 1800);
      expect(numbersOf(slow)).toEqual([...Array(1800).keys()]);
    });
  });

  describe('an aborted subscription', () => {
    it('ends without an error and without an item where it was aborted before it began', async () => {
      const items = [];
      for await (const item of current().subscribe({ signal: AbortSignal.abort() })) items.push(item);
      expect(items).toEqual([]);
    });

    it('ends without an error while it waits for what comes', async () => {
      const follower = follow({ streamPrefixes: [newStream()] });
      await follower.until(isCaughtUp);

      await expect(follower.stop()).resolves.toBeUndefined();
    });

    it('ends without an error in the middle of the history, and delivers nothing any more', async () => {
      const prefix = newStream();
      await append(current(), prefix, newEvents(900));
      const stopping = new AbortController();

      const events: RecordedEvent[] = [];
      for await (const item of current().subscribe({ streamPrefixes: [prefix], signal: stopping.signal })) {
        if (item.kind === 'event') events.push(item.event);
        if (events.length === 700) stopping.abort();
      }

      expect(events).toHaveLength(700);
    });

    it('ends alone: the others go on', async () => {
      const prefix = newStream();
      const [one, other] = [follow({ streamPrefixes: [prefix] }), follow({ streamPrefixes: [prefix] })];
      await Promise.all([one.until(isCaughtUp), other.until(isCaughtUp)]);
      await one.stop();

      const { position } = await append(current(), prefix, newEvents(1));

      await other.until(hasSeen(position));
      expect(one.events).toEqual([]);
    });

    it('leaves nothing on the signal, however it ended', async () => {
      const prefix = newStream();
      await append(current(), prefix, newEvents(1));
      const { signal } = new AbortController();
      const appends = [];

      for (let round = 0; round < 3; round++) {
        for await (const item of current().subscribe({ streamPrefixes: [prefix], signal })) {
          // Not awaited: it comes while the subscription waits for it.
          if (item.kind === 'caught-up') appends.push(append(current(), prefix, newEvents(1)));
          if (item.kind === 'event' && item.event.revision > round) break;
        }
      }

      await Promise.all(appends);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
  });
}

async function inLogOrder(store: EventStore, streams: readonly string[]): Promise<readonly RecordedEvent[]> {
  const events = (await Promise.all(streams.map((stream) => store.read(stream)))).flat();
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}
