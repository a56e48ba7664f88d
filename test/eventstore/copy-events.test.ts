import { describe, expect, it } from 'vitest';
import type { CopyProgress } from '../../src/eventstore/copy-events.js';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { interleave, liveALittle, logOf } from './copied-logs.js';
import { copyStores } from './copy-stores.js';

const stores = copyStores();
const { copy, expectCopied, whoseAppends } = stores;

describe('a copy', () => {
  it('has every event in the global order, with its id, type and data', async () => {
    await interleave(stores.source, 20, 5);
    await append(stores.source, 'lane-a', newEvents(250), 'no-stream');

    expect(await copy()).toEqual({ events: 350, streams: 21, added: 350 });

    await expectCopied();
  });

  it('has what is left of streams that were cut or deleted, also of those that began anew', async () => {
    await liveALittle(stores.source);
    const revisions = (await stores.source.read('job-2')).map(({ revision }) => revision);
    expect(revisions).toEqual([3, 4]);

    expect(await copy()).toEqual({ events: 18, streams: 5, added: 18 });

    await expectCopied();
    expect(await stores.target.read('job-gone')).toEqual([]);
    await append(stores.target, 'job-gone', newEvents(1), 'no-stream');
  });

  it('has payloads of every kind', async () => {
    const texts = ['', 'ä€😀', '\ud800', '\u2028', '"\\', 'x'.repeat(70_000)];
    const data = { texts, 2: 'two', 1: 'one', nested: { list: [1, -0.5, 1e300, null, true, []] } };
    await append(
      stores.source,
      'job-ä€',
      [newEvent(data), newEvent(), newEvent(data, 'Übertrug €')],
      'no-stream',
    );

    await copy();

    await expectCopied();
  });

  it('has what accompanies the events', async () => {
    const metadata = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await append(stores.source, 'job-a', [{ ...newEvent(), metadata }, newEvent()], 'no-stream');

    await copy();

    const copied = await stores.target.read('job-a');
    expect(copied.map((event) => event.metadata)).toEqual([metadata, undefined]);
  });

  it('has what was appended at once and is more than the target takes at once', async () => {
    const large = () => newEvent({ text: 'x'.repeat(300_000) });
    await append(
      stores.source,
      'job-a',
      [...newEvents(3), ...Array.from({ length: 11 }, large)],
      'no-stream',
    );
    await append(stores.source, 'job-b', [newEvent({ text: 'x'.repeat(1_040_000) })], 'no-stream');

    expect(await copy()).toMatchObject({ events: 15 });

    await expectCopied();
  });

  it('may be of nothing', async () => {
    await append(stores.source, 'unrelated', newEvents(1));
    expect(await copy()).toEqual({ events: 0, streams: 0, added: 0 });
  });

  it('leaves the streams of other programs alone, on both sides', async () => {
    await append(stores.source, 'unrelated', newEvents(3));
    await append(stores.target, 'theirs', newEvents(3));
    await interleave(stores.source, 4, 2);
    const copying = copy(
      whoseAppends(async (appendNow) => {
        await append(stores.target, 'theirs', newEvents(1));
        return appendNow();
      }),
    );

    expect(await copying).toEqual({ events: 8, streams: 4, added: 8 });

    await expectCopied();
    const others = (await logOf(stores.target)).filter(({ stream }) => !stream.startsWith('job-'));
    expect(others.map(({ stream }) => stream)).toEqual(Array.from({ length: 11 }, () => 'theirs'));
  });

  it('of many events tells how far it is', { timeout: 120_000 }, async () => {
    await interleave(stores.source, 500, 20);
    const told: CopyProgress[] = [];

    expect(await copy(stores.target, (progress) => told.push(progress))).toMatchObject({ added: 10_000 });

    await expectCopied();
    for (const doing of ['COPYING', 'VERIFYING']) {
      const done = told.filter((each) => each.doing === doing).map((each) => each.done);
      expect(done).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
    }
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([10_000]));
  });
});
