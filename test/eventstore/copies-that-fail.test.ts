import { beforeEach, describe, expect, it } from 'vitest';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { contentsOf, interleave, logOf } from './copied-logs.js';
import { copyStores, type CopyTarget } from './copy-stores.js';

const stores = copyStores();
const { copy, whoseAppends, openFile, openServer } = stores;

describe('a copy fails', () => {
  beforeEach(() => interleave(stores.source, 3, 4));

  const failure = async (to: CopyTarget) => {
    const error: unknown = await copy(to).catch((reason: unknown) => reason);
    return error as { readonly fault?: string; readonly stream?: string };
  };

  it('where an event is larger than the target takes, and keeps what came before', async () => {
    stores.target = await openServer({ limitBytes: 10_000 });
    await append(stores.source, 'job-0', [newEvent(), newEvent({ text: 'x'.repeat(10_000) }), newEvent()], 3);

    expect(await failure(stores.target)).toMatchObject({ fault: 'EVENT_TOO_LARGE', stream: 'job-0' });

    const before = contentsOf(await logOf(stores.source)).slice(0, -2);
    expect(contentsOf(await logOf(stores.target))).toEqual(before);
  });

  it('where the source holds what cannot be read', async () => {
    const { source } = stores;
    const subscribe = source.subscribe.bind(source);
    source.subscribe = async function* (options) {
      for await (const item of subscribe(options)) {
        yield item.kind === 'event' ? { ...item, event: { ...item.event, data: undefined } } : item;
      }
    };

    expect(await failure(stores.target)).toMatchObject({ code: 'MALFORMED_EVENT' });

    expect(await logOf(stores.target)).toEqual([]);
  });

  it('where somebody else writes to one of its streams, and doubles nothing', async () => {
    const written = whoseAppends(async (appendNow, calls) => {
      if (calls === 8) await append(stores.target, 'job-1', newEvents(1), 1);
      return appendNow();
    });

    expect(await failure(written)).toMatchObject({ fault: 'TARGET_IS_WRITTEN_TO', stream: 'job-1' });

    expect(await logOf(stores.target)).toHaveLength(8);
  });

  it('where a stream was there in a former life of which the log shows nothing', async () => {
    stores.target = await openFile();
    await append(stores.target, 'job-2', newEvents(2), 'no-stream');
    await stores.target.delete('job-2', { expectedRevision: 1 });

    expect(await failure(stores.target)).toMatchObject({ fault: 'STREAM_WAS_DELETED', stream: 'job-2' });
  });

  it.each<[string, string | undefined, () => CopyTarget]>([
    [
      'events of somebody else among its own',
      'job-theirs',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 5) await append(stores.target, 'job-theirs', newEvents(1));
          return appendNow();
        }),
    ],
    [
      'events of somebody else behind its own',
      'job-theirs',
      () =>
        whoseAppends(async (appendNow, calls) => {
          const result = await appendNow();
          if (calls === 12) await append(stores.target, 'job-theirs', newEvents(1));
          return result;
        }),
    ],
    [
      'a stream without its beginning',
      'job-1',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 12) await stores.target.setMetadata('job-1', { truncateBefore: 1 });
          return appendNow();
        }),
    ],
    [
      'a deleted stream',
      'job-0',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 12) await stores.target.delete('job-0', { expectedRevision: 3 });
          return appendNow();
        }),
    ],
    [
      'nothing of what it said that it had appended last',
      undefined,
      () =>
        whoseAppends((appendNow, calls) =>
          calls < 12 ? appendNow() : Promise.resolve({ revision: 3, position: '' }),
        ),
    ],
  ])('where the target is found to hold %s', async (_what, stream, tampered) => {
    const error = await failure(tampered());

    expect(error).toMatchObject({ fault: 'NOT_A_COPY' });
    expect(error.stream).toBe(stream);
  });

  it.each([
    ['id', { id: 'c0ffee00-0000-4000-8000-000000000000' }],
    ['type', { type: 'SomethingElseHappened' }],
    ['data', { data: { n: 0, round: 0, more: null } }],
  ])('where the target has stored another %s', async (_what, other) => {
    const altered = whoseAppends((appendNow) => appendNow());
    let calls = 0;
    const tampered: CopyTarget = {
      ...altered,
      append: (stream, events, options) => {
        calls += 1;
        const stored = calls === 4 ? events.map((event) => ({ ...event, ...other })) : events;
        return stores.target.append(stream, stored, options);
      },
    };

    expect(await failure(tampered)).toMatchObject({ fault: 'NOT_A_COPY', stream: 'job-0' });
  });
});
