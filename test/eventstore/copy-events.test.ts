import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyEvents, type CopyOptions, type CopyProgress } from '../../src/eventstore/copy-events.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { eventStoreDbStores } from '../contract/eventstoredb-stores.js';
import {
  eventStoreDbServers,
  type EventStoreDbServer,
  type ServerOptions,
} from '../support/eventstoredb/eventstoredb-server.js';
import { tempFolders } from '../support/temp-folder.js';
import { contentsOf, expectCopy, interleave, liveALittle, logOf } from './copied-logs.js';

const startServer = eventStoreDbServers();
const openEventStoreDb = eventStoreDbStores();
const tempFolder = tempFolders();
const files: EventStore[] = [];
const servers: EventStoreDbServer[] = [];

const openFile = async () => {
  const store = await openSqliteEventStore({ file: path.join(tempFolder(), 'events.sqlite') });
  files.push(store);
  return store;
};
const openServer = async (options: ServerOptions = {}) => {
  const server = await startServer(options);
  servers.push(server);
  return openEventStoreDb(server.url);
};

const streamPrefixes = ['job-', 'lane-'];
type Target = CopyOptions['target'];

let source: EventStore;
let target: EventStore;

beforeEach(async () => {
  source = await openFile();
  target = await openServer();
});

afterEach(async () => {
  await Promise.all(files.splice(0).map((store) => store.close()));
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

const copy = (to: Target = target, onProgress?: CopyOptions['onProgress']) =>
  copyEvents({ source, target: to, streamPrefixes, ...(onProgress && { onProgress }) });
const expectCopied = () => expectCopy(source, target, streamPrefixes);

/** A target whose appends go another way; `calls` counts from 1. */
function whoseAppends(
  go: (appendNow: () => ReturnType<Target['append']>, calls: number) => ReturnType<Target['append']>,
  store: EventStore = target,
): Target {
  let calls = 0;
  return {
    append: (...args) => go(() => store.append(...args), ++calls),
    read: (...args) => store.read(...args),
    subscribe: (options) => store.subscribe(options),
  };
}

const isLost = () => Promise.reject(new EventStoreUnavailableError('The connection was lost'));

describe('a copy', () => {
  it('has every event in the global order, with its id, type and data', async () => {
    await interleave(source, 20, 5);
    await append(source, 'lane-a', newEvents(250), 'no-stream');

    expect(await copy()).toEqual({ events: 350, streams: 21, added: 350 });

    await expectCopied();
  });

  it('has what is left of streams that were cut or deleted, also of those that began anew', async () => {
    await liveALittle(source);
    const revisions = (await source.read('job-2')).map(({ revision }) => revision);
    expect(revisions).toEqual([3, 4]);

    expect(await copy()).toEqual({ events: 18, streams: 5, added: 18 });

    await expectCopied();
    expect(await target.read('job-gone')).toEqual([]);
    await append(target, 'job-gone', newEvents(1), 'no-stream');
  });

  it('has payloads of every kind', async () => {
    const texts = ['', 'ä€😀', '\ud800', '\u2028', '"\\', 'x'.repeat(70_000)];
    const data = { texts, 2: 'two', 1: 'one', nested: { list: [1, -0.5, 1e300, null, true, []] } };
    await append(source, 'job-ä€', [newEvent(data), newEvent(), newEvent(data, 'Übertrug €')], 'no-stream');

    await copy();

    await expectCopied();
  });

  it('has what was appended at once and is more than the target takes at once', async () => {
    const large = () => newEvent({ text: 'x'.repeat(300_000) });
    await append(source, 'job-a', [...newEvents(3), ...Array.from({ length: 11 }, large)], 'no-stream');
    await append(source, 'job-b', [newEvent({ text: 'x'.repeat(1_040_000) })], 'no-stream');

    expect(await copy()).toMatchObject({ events: 15 });

    await expectCopied();
  });

  it('may be of nothing', async () => {
    await append(source, 'unrelated', newEvents(1));
    expect(await copy()).toEqual({ events: 0, streams: 0, added: 0 });
  });

  it('leaves the streams of other programs alone, on both sides', async () => {
    await append(source, 'unrelated', newEvents(3));
    await append(target, 'theirs', newEvents(3));
    await interleave(source, 4, 2);
    const copying = copy(
      whoseAppends(async (appendNow) => {
        await append(target, 'theirs', newEvents(1));
        return appendNow();
      }),
    );

    expect(await copying).toEqual({ events: 8, streams: 4, added: 8 });

    await expectCopied();
    const others = (await logOf(target)).filter(({ stream }) => !stream.startsWith('job-'));
    expect(others.map(({ stream }) => stream)).toEqual(Array.from({ length: 11 }, () => 'theirs'));
  });

  it('of many events tells how far it is', { timeout: 120_000 }, async () => {
    await interleave(source, 500, 20);
    const told: CopyProgress[] = [];

    expect(await copy(target, (progress) => told.push(progress))).toMatchObject({ added: 10_000 });

    await expectCopied();
    for (const doing of ['COPYING', 'VERIFYING']) {
      const done = told.filter((each) => each.doing === doing).map((each) => each.done);
      expect(done).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
    }
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([10_000]));
  });
});

describe('a copy that is made again', () => {
  beforeEach(() => liveALittle(source));

  it('changes nothing where it was complete', async () => {
    await copy();
    const before = await logOf(target);
    const neverAppends = whoseAppends(() => Promise.reject(new Error('It appended')));

    expect(await copy(neverAppends)).toEqual({ events: 18, streams: 5, added: 0 });

    expect(await logOf(target)).toEqual(before);
  });

  it('goes on with what was appended to the source since', async () => {
    await copy();
    await append(source, 'job-2', newEvents(2), 4);
    await append(source, 'job-new', newEvents(1), 'no-stream');

    expect(await copy()).toEqual({ events: 21, streams: 6, added: 3 });

    await expectCopied();
  });

  it.each([1, 2, 5, 9, 10])('goes on where append %i was lost', async (lost) => {
    const broken = whoseAppends((appendNow, calls) => (calls < lost ? appendNow() : isLost()));
    await expect(copy(broken)).rejects.toThrow(EventStoreUnavailableError);
    const before = (await logOf(target, streamPrefixes)).length;

    expect(await copy()).toMatchObject({ events: 18, added: 18 - before });

    await expectCopied();
  });

  it.each([1, 2, 5, 9, 10])('goes on where append %i landed, and nobody knew', async (landed) => {
    const broken = whoseAppends(async (appendNow, calls) => {
      const result = await appendNow();
      return calls < landed ? result : isLost();
    });
    await expect(copy(broken)).rejects.toThrow(EventStoreUnavailableError);

    await copy();

    await expectCopied();
  });

  it('is the same where the append of the one before lands only then', async () => {
    let late: () => Promise<unknown> = () => Promise.resolve();
    const broken = whoseAppends((appendNow, calls) => {
      if (calls < 3) return appendNow();
      late = appendNow;
      return isLost();
    });
    await expect(copy(broken)).rejects.toThrow(EventStoreUnavailableError);

    await copy(
      whoseAppends(async (appendNow, calls) => {
        if (calls === 1) await late();
        return appendNow();
      }),
    );

    await expectCopied();
  });

  it('at the same time is one copy', async () => {
    const outcomes = await Promise.all([copy(), copy(), copy()]);

    expect(outcomes.map(({ events }) => events)).toEqual([18, 18, 18]);
    await expectCopied();
  });

  it('is whole whatever happened to the source and wherever it was broken off', async () => {
    const stream = fc.constantFrom('job-1', 'job-2', 'lane-1', 'other');
    const happening = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), stream, count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('delete' as const), stream, count: fc.constant(0) }),
      fc.record({ kind: fc.constant('cut' as const), stream, count: fc.integer({ min: 0, max: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 25 }),
        fc.array(fc.nat(8), { maxLength: 3 }),
        async (happenings, breaks) => {
          source = await openFile();
          target = await openFile();
          for (const each of happenings) await happen(each);
          for (const left of breaks) {
            const broken = whoseAppends((appendNow, calls) => (calls <= left ? appendNow() : isLost()));
            await copy(broken).catch((error: unknown) =>
              expect(error).toBeInstanceOf(EventStoreUnavailableError),
            );
          }
          await copy();
          await expectCopied();
        },
      ),
      { numRuns: 40 },
    );
  });

  async function happen({
    kind,
    stream,
    count,
  }: {
    readonly kind: 'append' | 'delete' | 'cut';
    readonly stream: string;
    readonly count: number;
  }) {
    if (kind === 'append') await append(source, stream, newEvents(count));
    const [last] = await source.read(stream, { direction: 'backwards', limit: 1 });
    if (!last) return;
    if (kind === 'delete') await source.delete(stream, { expectedRevision: last.revision });
    if (kind === 'cut') await source.setMetadata(stream, { truncateBefore: last.revision - count });
  }
});

describe('a copy is refused, and the target stays as it is,', () => {
  beforeEach(() => interleave(source, 3, 4));

  const expectRefusal = async (stream: string) => {
    const before = await logOf(target);
    await expect(copy()).rejects.toMatchObject({
      code: 'COPY_FAILED',
      fault: 'TARGET_HOLDS_OTHERS',
      stream,
    });
    expect(await logOf(target)).toEqual(before);
  };

  it('where the target has streams of somebody else', async () => {
    await append(target, 'job-theirs', newEvents(1));
    await expectRefusal('job-theirs');
  });

  it('where somebody worked with the copy', async () => {
    await copy();
    await append(target, 'job-2', newEvents(1), 3);
    await expectRefusal('job-2');
  });

  it('where the target has the beginning of a stream, and goes on otherwise', async () => {
    const [first] = await source.read('job-0');
    if (!first) throw new Error('There is nothing to copy');
    await append(target, 'job-0', [first, newEvent()], 'no-stream');
    await expectRefusal('job-0');
  });

  it('where the source has lost since what was copied', async () => {
    await copy();
    await source.setMetadata('job-1', { truncateBefore: 2 });
    // The log is one with other events from there on.
    await expectRefusal('job-1');
  });

  it('where the events have the ids of the copy and are others', async () => {
    const first = await source.read('job-0', { limit: 1 });
    await append(
      target,
      'job-0',
      first.map((event) => ({ ...event, data: { n: 0, round: 1 } })),
    );
    await expectRefusal('job-0');
  });

  it('where a copied stream was deleted, which the log still shows', async () => {
    await copy();
    await target.delete('job-1', { expectedRevision: 3 });
    await expectRefusal('job-1');
  });

  it('where a copied stream was cut, which the log still shows', async () => {
    await copy();
    await target.setMetadata('job-2', { truncateBefore: 2 });
    await expectRefusal('job-2');
  });
});

describe('a copy fails', () => {
  beforeEach(() => interleave(source, 3, 4));

  const failure = async (to: Target) => {
    const error: unknown = await copy(to).catch((reason: unknown) => reason);
    return error as { readonly fault?: string; readonly stream?: string };
  };

  it('where an event is larger than the target takes, and keeps what came before', async () => {
    target = await openServer({ limitBytes: 10_000 });
    await append(source, 'job-0', [newEvent(), newEvent({ text: 'x'.repeat(10_000) }), newEvent()], 3);

    expect(await failure(target)).toMatchObject({ fault: 'EVENT_TOO_LARGE', stream: 'job-0' });

    const before = contentsOf(await logOf(source)).slice(0, -2);
    expect(contentsOf(await logOf(target))).toEqual(before);
  });

  it('where somebody else writes to one of its streams, and doubles nothing', async () => {
    const written = whoseAppends(async (appendNow, calls) => {
      if (calls === 8) await append(target, 'job-1', newEvents(1), 1);
      return appendNow();
    });

    expect(await failure(written)).toMatchObject({ fault: 'TARGET_IS_WRITTEN_TO', stream: 'job-1' });

    expect(await logOf(target)).toHaveLength(8);
  });

  it('where a stream was there in a former life of which the log shows nothing', async () => {
    target = await openFile();
    await append(target, 'job-2', newEvents(2), 'no-stream');
    await target.delete('job-2', { expectedRevision: 1 });

    expect(await failure(target)).toMatchObject({ fault: 'STREAM_WAS_DELETED', stream: 'job-2' });
  });

  it.each<[string, string | undefined, () => Target]>([
    [
      'events of somebody else among its own',
      'job-theirs',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 5) await append(target, 'job-theirs', newEvents(1));
          return appendNow();
        }),
    ],
    [
      'events of somebody else behind its own',
      'job-theirs',
      () =>
        whoseAppends(async (appendNow, calls) => {
          const result = await appendNow();
          if (calls === 12) await append(target, 'job-theirs', newEvents(1));
          return result;
        }),
    ],
    [
      'a stream without its beginning',
      'job-1',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 12) await target.setMetadata('job-1', { truncateBefore: 1 });
          return appendNow();
        }),
    ],
    [
      'a deleted stream',
      'job-0',
      () =>
        whoseAppends(async (appendNow, calls) => {
          if (calls === 12) await target.delete('job-0', { expectedRevision: 3 });
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
    const tampered: Target = {
      ...altered,
      append: (stream, events, options) => {
        calls += 1;
        const stored = calls === 4 ? events.map((event) => ({ ...event, ...other })) : events;
        return target.append(stream, stored, options);
      },
    };

    expect(await failure(tampered)).toMatchObject({ fault: 'NOT_A_COPY', stream: 'job-0' });
  });
});
