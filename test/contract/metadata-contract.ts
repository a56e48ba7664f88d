import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../../src/eventstore/event-store-errors.js';
import { append, newEvents, newStream, revisionsOf } from './contract-events.js';
import type { CurrentStore } from './current-store.js';

export function describeMetadataAndDelete(current: CurrentStore): void {
  /** Revisions 0 to 4. */
  const fiveEvents = async (store: EventStore) => {
    const stream = newStream();
    await append(store, stream, newEvents(5), 'no-stream');
    return stream;
  };

  describe('stream metadata', () => {
    it('hide what lies before a revision', async () => {
      const stream = await fiveEvents(current());

      await current().setMetadata(stream, { truncateBefore: 3 });

      expect(await revisionsOf(current(), stream)).toEqual([3, 4]);
      const backwards = await current().read(stream, { direction: 'backwards' });
      expect(backwards.map(({ revision }) => revision)).toEqual([4, 3]);
      expect(await append(current(), stream, newEvents(1), 4)).toMatchObject({ revision: 5 });
    });

    it('keep only the last so many, now and after each append', async () => {
      const stream = await fiveEvents(current());

      await current().setMetadata(stream, { maxCount: 2 });
      expect(await revisionsOf(current(), stream)).toEqual([3, 4]);

      await append(current(), stream, newEvents(3), 4);
      expect(await revisionsOf(current(), stream)).toEqual([6, 7]);
      await append(current(), stream, newEvents(1), 'any');
      expect(await revisionsOf(current(), stream)).toEqual([7, 8]);
    });

    it('leave a stream whose events are all gone at its revision', async () => {
      const stream = await fiveEvents(current());

      await current().setMetadata(stream, { truncateBefore: 5 });

      expect(await current().read(stream)).toEqual([]);
      await expect(append(current(), stream, newEvents(1), 'no-stream')).rejects.toThrow(
        WrongExpectedRevisionError,
      );
      expect(await append(current(), stream, newEvents(1), 4)).toMatchObject({ revision: 5 });
      expect(await revisionsOf(current(), stream)).toEqual([5]);
    });

    it('are replaced as a whole', async () => {
      const stream = await fiveEvents(current());
      await current().setMetadata(stream, { maxCount: 2 });

      await current().setMetadata(stream, { truncateBefore: 4 });
      await append(current(), stream, newEvents(3), 4);

      expect(await revisionsOf(current(), stream)).toEqual([4, 5, 6, 7]);
    });

    it('do not bring back what was cut before', async () => {
      const stream = await fiveEvents(current());
      await current().setMetadata(stream, { truncateBefore: 4 });

      await current().setMetadata(stream, { truncateBefore: 2 });
      expect(await revisionsOf(current(), stream)).toEqual([4]);
      await current().setMetadata(stream, {});
      expect(await revisionsOf(current(), stream)).toEqual([4]);
    });

    it('do not bring back what was deleted before the stream began anew', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });
      await append(current(), stream, newEvents(2), 'no-stream');

      await current().setMetadata(stream, { maxCount: 4 });

      expect(await revisionsOf(current(), stream)).toEqual([5, 6]);
    });

    it('leave a deleted stream as it is', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });

      await current().setMetadata(stream, { maxCount: 1 });

      expect(await current().read(stream)).toEqual([]);
      expect(await append(current(), stream, newEvents(3), 'no-stream')).toMatchObject({ revision: 7 });
      expect(await revisionsOf(current(), stream)).toEqual([5, 6, 7]);
    });

    it('can be set before there is a stream', async () => {
      const stream = newStream();

      await current().setMetadata(stream, { maxCount: 2 });
      expect(await current().read(stream)).toEqual([]);

      await append(current(), stream, newEvents(5), 'no-stream');
      expect(await revisionsOf(current(), stream)).toEqual([3, 4]);
    });

    it('apply to one stream only', async () => {
      const [stream, other] = [await fiveEvents(current()), await fiveEvents(current())];

      await current().setMetadata(stream, { maxCount: 1 });

      expect(await revisionsOf(current(), other)).toEqual([0, 1, 2, 3, 4]);
    });
  });

  describe('deleting', () => {
    it('leaves no stream, which begins anew where its revisions ended', async () => {
      const stream = await fiveEvents(current());

      await current().delete(stream, { expectedRevision: 4 });
      expect(await current().read(stream)).toEqual([]);
      expect(await current().read(stream, { direction: 'backwards', limit: 1 })).toEqual([]);

      const events = newEvents(2, 5);
      expect(await append(current(), stream, events, 'no-stream')).toMatchObject({ revision: 6 });
      expect((await current().read(stream)).map(({ data }) => data?.number)).toEqual([5, 6]);
      expect(await revisionsOf(current(), stream)).toEqual([5, 6]);
    });

    it('lets a stream begin anew where nothing is expected, too', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });

      expect(await append(current(), stream, newEvents(1), 'any')).toMatchObject({ revision: 5 });

      expect(await revisionsOf(current(), stream)).toEqual([5]);
    });

    it('answers a repeated append of the new life as the first time', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });
      const events = newEvents(2);
      const first = await append(current(), stream, events, 'no-stream');
      await append(current(), stream, newEvents(1), first.revision);

      expect(await append(current(), stream, events, 'no-stream')).toEqual(first);
      await expect(append(current(), stream, newEvents(2), 'no-stream')).rejects.toThrow(
        WrongExpectedRevisionError,
      );
    });

    it('is harmless when repeated', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });

      await expect(current().delete(stream, { expectedRevision: 4 })).resolves.toBeUndefined();
    });

    it.each([3, 5])('is refused for a stream that is not at this revision: %i of 4', async (revision) => {
      const stream = await fiveEvents(current());

      await expect(current().delete(stream, { expectedRevision: revision })).rejects.toThrow(
        WrongExpectedRevisionError,
      );

      expect(await revisionsOf(current(), stream)).toEqual([0, 1, 2, 3, 4]);
    });

    it('does not touch a stream that has begun anew', async () => {
      const stream = await fiveEvents(current());
      await current().delete(stream, { expectedRevision: 4 });
      await append(current(), stream, newEvents(1), 'no-stream');

      await expect(current().delete(stream, { expectedRevision: 4 })).rejects.toThrow(
        WrongExpectedRevisionError,
      );

      expect(await revisionsOf(current(), stream)).toEqual([5]);
    });

    it('is refused for a stream that never was', async () => {
      await expect(current().delete(newStream(), { expectedRevision: 0 })).rejects.toThrow(
        WrongExpectedRevisionError,
      );
    });

    it('never takes away what is appended at the same time', async () => {
      const stream = await fiveEvents(current());

      const [appended] = await Promise.allSettled([
        append(current(), stream, newEvents(1), 'any'),
        current().delete(stream, { expectedRevision: 4 }),
      ]);

      expect(appended).toMatchObject({ status: 'fulfilled', value: { revision: 5 } });
      expect((await revisionsOf(current(), stream)).at(-1)).toBe(5);
    });
  });
}
