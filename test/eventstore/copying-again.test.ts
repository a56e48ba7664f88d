import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { append, newEvents } from '../contract/contract-events.js';
import { liveALittle, logOf } from './copied-logs.js';
import { copyStores, isLost, streamPrefixes } from './copy-stores.js';

const stores = copyStores();
const { copy, expectCopied, whoseAppends, openFile } = stores;

describe('a copy that is made again', () => {
  beforeEach(() => liveALittle(stores.source));

  it('changes nothing where it was complete', async () => {
    await copy();
    const before = await logOf(stores.target);
    const neverAppends = whoseAppends(() => Promise.reject(new Error('It appended')));

    expect(await copy(neverAppends)).toEqual({ events: 18, streams: 5, added: 0 });

    expect(await logOf(stores.target)).toEqual(before);
  });

  it('goes on with what was appended to the source since', async () => {
    await copy();
    await append(stores.source, 'job-2', newEvents(2), 4);
    await append(stores.source, 'job-new', newEvents(1), 'no-stream');

    expect(await copy()).toEqual({ events: 21, streams: 6, added: 3 });

    await expectCopied();
  });

  it.each([1, 2, 5, 9, 10])('goes on where append %i was lost', async (lost) => {
    const broken = whoseAppends((appendNow, calls) => (calls < lost ? appendNow() : isLost()));
    await expect(copy(broken)).rejects.toThrow(EventStoreUnavailableError);
    const before = (await logOf(stores.target, streamPrefixes)).length;

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
          stores.source = await openFile();
          stores.target = await openFile();
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
    if (kind === 'append') await append(stores.source, stream, newEvents(count));
    const [last] = await stores.source.read(stream, { direction: 'backwards', limit: 1 });
    if (!last) return;
    if (kind === 'delete') await stores.source.delete(stream, { expectedRevision: last.revision });
    if (kind === 'cut') await stores.source.setMetadata(stream, { truncateBefore: last.revision - count });
  }
});
