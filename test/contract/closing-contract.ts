import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { append, newEvents, newStream, revisionsOf } from './contract-events.js';
import { follow, hasSeen, isCaughtUp } from './follow.js';

export function describeClosing(reopen: () => Promise<EventStore>): void {
  describe('closing', () => {
    it('keeps what was acknowledged', async () => {
      const store = await reopen();
      const stream = newStream();
      const events = newEvents(3);
      const first = await append(store, stream, events, 'no-stream');
      await store.setMetadata(stream, { truncateBefore: 1 });

      const again = await reopen();

      expect(await revisionsOf(again, stream)).toEqual([1, 2]);
      const { position } = await append(again, stream, newEvents(1), 2);
      expect(position > first.position).toBe(true);
    });

    it('answers what is under way, one way or the other', async () => {
      const store = await reopen();
      const stream = newStream();
      const underWay = newEvents(50).map((event) => append(store, stream, [event]));

      await store.close();

      const outcomes = await Promise.allSettled(underWay);
      const acknowledged = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value.revision] : [],
      );
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      expect(refused.every((reason) => reason instanceof EventStoreUnavailableError)).toBe(true);
      expect(await revisionsOf(await reopen(), stream)).toEqual(expect.arrayContaining(acknowledged));
    });

    it('ends the subscriptions, waiting or not, without an error', async () => {
      const store = await reopen();
      const prefix = newStream();
      const { position } = await append(store, prefix, newEvents(10));
      const waiting = follow(store, { streamPrefixes: [prefix] });
      let goOn: () => void = () => undefined;
      const busy = follow(store, {
        streamPrefixes: [prefix],
        onItem: () => new Promise((resolve) => (goOn = resolve)),
      });
      await waiting.until(hasSeen(position));
      await waiting.until(isCaughtUp);
      await busy.until(({ items }) => items.length === 1);

      await store.close();
      goOn();

      await expect(waiting.ended).resolves.toBeUndefined();
      await expect(busy.ended).resolves.toBeUndefined();
    });

    it('is harmless when repeated, and what is asked for afterwards is refused', async () => {
      const store = await reopen();
      await store.close();
      await expect(store.close()).resolves.toBeUndefined();

      const stream = newStream();
      await expect(append(store, stream, newEvents(1))).rejects.toThrow(EventStoreUnavailableError);
      await expect(store.read(stream)).rejects.toThrow(EventStoreUnavailableError);
      await expect(store.setMetadata(stream, {})).rejects.toThrow(EventStoreUnavailableError);
      await expect(store.delete(stream, { expectedRevision: 0 })).rejects.toThrow(EventStoreUnavailableError);
      await expect(follow(store, {}).ended).rejects.toThrow(EventStoreUnavailableError);
    });
  });
}
