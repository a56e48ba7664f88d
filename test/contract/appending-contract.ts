import { describe, expect, it } from 'vitest';
import type { EventStore, ExpectedRevision } from '../../src/eventstore/event-store.js';
import { AppendTooLargeError, WrongExpectedRevisionError } from '../../src/eventstore/event-store-errors.js';
import { append, newEvent, newEvents, newStream, revisionsOf } from './contract-events.js';
import type { CurrentStore } from './current-store.js';

export interface AppendLimits {
  /** How many bytes of payloads and types one append may have at least. */
  readonly largestAppendBytes: number;
  /** Whether larger ones are refused. */
  readonly refusesLargerAppends: boolean;
}

export function describeAppending(
  current: CurrentStore,
  { largestAppendBytes, refusesLargerAppends }: AppendLimits,
): void {
  describe('appending', () => {
    it('gives the events of one append the next revisions, and answers with the last one', async () => {
      const stream = newStream();

      const first = await append(current(), stream, newEvents(3), 'no-stream');
      const second = await append(current(), stream, newEvents(2, 3), 2);

      expect([first.revision, second.revision]).toEqual([2, 4]);
      const events = await current().read(stream);
      expect(events.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((number) => ({ number })));
      expect([events[2]?.position, events[4]?.position]).toEqual([first.position, second.position]);
    });

    it.each<[string, ExpectedRevision]>([
      ['one that is behind', 0],
      ['one that is ahead', 2],
      ['no stream', 'no-stream'],
    ])('refuses another expectation of a stream than its revision: %s', async (_, expectedRevision) => {
      const stream = newStream();
      await append(current(), stream, newEvents(2), 'no-stream');

      const refused = append(current(), stream, newEvents(2), expectedRevision);

      await expect(refused).rejects.toThrow(WrongExpectedRevisionError);
      await expect(refused).rejects.toMatchObject({ stream, expectedRevision });
      expect(await revisionsOf(current(), stream)).toEqual([0, 1]);
    });

    it('refuses a revision of a stream that never was', async () => {
      const stream = newStream();

      await expect(append(current(), stream, newEvents(1), 0)).rejects.toThrow(WrongExpectedRevisionError);

      expect(await current().read(stream)).toEqual([]);
    });

    it('takes whatever comes where nothing is expected, whether or not there is a stream', async () => {
      const stream = newStream();

      expect(await append(current(), stream, newEvents(1), 'any')).toMatchObject({ revision: 0 });
      expect(await append(current(), stream, newEvents(1), 'any')).toMatchObject({ revision: 1 });
    });

    it('refuses an append of nothing', async () => {
      await expect(append(current(), newStream(), [])).rejects.toThrow(RangeError);
    });

    it('gives back names, types and payloads as they were', async () => {
      const stream = newStream('bücher/日本語 🚀 "quoted" %_\' ');
      const event = newEvent(
        {
          text: 'Müller & Söhne — 東京 🏦 \u0000 \u2028 "\\',
          nested: { list: [1, -0.5, 1e21, true, null, ''], empty: {} },
          ключ: 'значение',
        },
        'Überwiesen ✓',
      );

      await append(current(), stream, [event]);

      const [read] = await current().read(stream);
      expect(read).toMatchObject({ ...event, stream, revision: 0 });
    });

    it('tells streams apart whose names differ in case or in length only', async () => {
      const stream = newStream();
      await append(current(), stream, [newEvent({ is: 'lower' })]);
      await append(current(), stream.toUpperCase(), [newEvent({ is: 'upper' })]);
      await append(current(), `${stream}-`, [newEvent({ is: 'longer' })]);

      const [lower, ...others] = await current().read(stream);

      expect(lower?.data).toEqual({ is: 'lower' });
      expect(others).toEqual([]);
    });

    it('takes large payloads and many events at once', async () => {
      const large = newStream();
      const many = newStream();
      const text = 'ä'.repeat(largestAppendBytes / 2 - 1024);

      await append(current(), large, [newEvent({ text })]);
      await append(current(), many, newEvents(1000));

      expect((await current().read(large))[0]?.data).toEqual({ text });
      expect((await current().read(many)).map(({ data }) => data?.number)).toEqual([...Array(1000).keys()]);
    });

    it.runIf(refusesLargerAppends)('refuses more than that as a whole, be it one event or many', async () => {
      const stream = newStream();
      const text = 'ä'.repeat(largestAppendBytes / 16);

      const refusals = [
        append(
          current(),
          stream,
          Array.from({ length: 9 }, () => newEvent({ text })),
        ),
        append(current(), stream, [newEvent({ text: text.repeat(9) })]),
      ];

      for (const refused of refusals) await expect(refused).rejects.toThrow(AppendTooLargeError);
      await expect(refusals[0]).rejects.toMatchObject({ stream, limitBytes: largestAppendBytes });
      expect(await current().read(stream)).toEqual([]);
    });

    it('lets exactly one of several writers win that expect the same revision', async () => {
      const stream = newStream();
      await append(current(), stream, newEvents(1), 'no-stream');

      const outcomes = await Promise.allSettled(
        newEvents(20).map((event) => append(current(), stream, [event], 0)),
      );

      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      expect(refused).toHaveLength(19);
      expect(refused.every((reason) => reason instanceof WrongExpectedRevisionError)).toBe(true);
      expect(await revisionsOf(current(), stream)).toEqual([0, 1]);
    });

    it('loses and doubles nothing where many writers append to one stream and decide again when they lose', async () => {
      const stream = newStream();
      const writers = 8;
      const each = 10;

      await Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          for (let number = 0; number < each; number++) {
            await appendAtItsEnd(current(), stream, { writer, number });
          }
        }),
      );

      const events = await current().read(stream);
      expect(events.map(({ revision }) => revision)).toEqual([...Array(writers * each).keys()]);
      for (let writer = 0; writer < writers; writer++) {
        const own = events.filter(({ data }) => data?.writer === writer).map(({ data }) => data?.number);
        expect(own).toEqual([...Array(each).keys()]);
      }
    });
  });

  describe('repeating an append', () => {
    it.each<[string, ExpectedRevision]>([
      ['no stream', 'no-stream'],
      ['nothing', 'any'],
    ])(
      'answers as the first time where it expected %s, also when the stream moved on',
      async (_, expected) => {
        const stream = newStream();
        const events = newEvents(3);
        const first = await append(current(), stream, events, expected);

        expect(await append(current(), stream, events, expected)).toEqual(first);
        await append(current(), stream, newEvents(2), 2);

        expect(await append(current(), stream, events, expected)).toEqual(first);
        expect(await revisionsOf(current(), stream)).toEqual([0, 1, 2, 3, 4]);
      },
    );

    it('answers as the first time where it expected a revision, also when the stream moved on', async () => {
      const stream = newStream();
      await append(current(), stream, newEvents(2), 'no-stream');
      const events = newEvents(2);
      const first = await append(current(), stream, events, 1);

      expect(await append(current(), stream, events, 1)).toEqual(first);
      await append(current(), stream, newEvents(2), 3);

      expect(await append(current(), stream, events, 1)).toEqual(first);
      expect(await revisionsOf(current(), stream)).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('is harmless while the first one is still under way', async () => {
      const stream = newStream();
      const events = newEvents(2);

      const answers = await Promise.all([
        append(current(), stream, events, 'no-stream'),
        append(current(), stream, events, 'no-stream'),
      ]);

      expect(answers[1]).toEqual(answers[0]);
      expect(await revisionsOf(current(), stream)).toEqual([0, 1]);
    });

    it.each<[string, ExpectedRevision]>([
      ['no stream', 'no-stream'],
      ['nothing', 'any'],
    ])('is refused where only some of the events are known, expecting %s', async (_, expected) => {
      const stream = newStream();
      const known = newEvents(2);
      await append(current(), stream, known, expected);

      const refused = append(current(), stream, [...known, newEvent()], expected);

      await expect(refused).rejects.toThrow(WrongExpectedRevisionError);
      expect(await revisionsOf(current(), stream)).toEqual([0, 1]);
    });

    it('is another append where the stream is another one', async () => {
      const events = newEvents(1);
      const [one, other] = [newStream(), newStream()];
      await append(current(), one, events, 'no-stream');

      await append(current(), other, events, 'no-stream');

      expect(await revisionsOf(current(), other)).toEqual([0]);
    });
  });
}

async function appendAtItsEnd(store: EventStore, stream: string, data: Record<string, number>) {
  for (;;) {
    const [last] = await store.read(stream, { direction: 'backwards', limit: 1 });
    try {
      return await append(store, stream, [newEvent(data)], last?.revision ?? 'no-stream');
    } catch (error) {
      if (!(error instanceof WrongExpectedRevisionError)) throw error;
    }
  }
}
