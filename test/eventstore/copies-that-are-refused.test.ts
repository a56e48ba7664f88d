import { beforeEach, describe, expect, it } from 'vitest';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { interleave, logOf } from './copied-logs.js';
import { copyStores } from './copy-stores.js';

const stores = copyStores();
const { copy } = stores;

describe('a copy is refused, and the target stays as it is,', () => {
  beforeEach(() => interleave(stores.source, 3, 4));

  const expectRefusal = async (stream: string) => {
    const before = await logOf(stores.target);
    await expect(copy()).rejects.toMatchObject({
      code: 'COPY_FAILED',
      fault: 'TARGET_HOLDS_OTHERS',
      stream,
    });
    expect(await logOf(stores.target)).toEqual(before);
  };

  it('where the target has streams of somebody else', async () => {
    await append(stores.target, 'job-theirs', newEvents(1));
    await expectRefusal('job-theirs');
  });

  it('where somebody worked with the copy', async () => {
    await copy();
    await append(stores.target, 'job-2', newEvents(1), 3);
    await expectRefusal('job-2');
  });

  it('where the target has the beginning of a stream, and goes on otherwise', async () => {
    const [first] = await stores.source.read('job-0');
    if (!first) throw new Error('There is nothing to copy');
    await append(stores.target, 'job-0', [{ ...first, data: first.data ?? {} }, newEvent()], 'no-stream');
    await expectRefusal('job-0');
  });

  it('where the source has lost since what was copied', async () => {
    await copy();
    await stores.source.setMetadata('job-1', { truncateBefore: 2 });
    // The log is one with other events from there on.
    await expectRefusal('job-1');
  });

  it('where the events have the ids of the copy and are others', async () => {
    const first = await stores.source.read('job-0', { limit: 1 });
    await append(
      stores.target,
      'job-0',
      first.map((event) => ({ ...event, data: { n: 0, round: 1 } })),
    );
    await expectRefusal('job-0');
  });

  it('where a copied stream was deleted, which the log still shows', async () => {
    await copy();
    await stores.target.delete('job-1', { expectedRevision: 3 });
    await expectRefusal('job-1');
  });

  it('where a copied stream was cut, which the log still shows', async () => {
    await copy();
    await stores.target.setMetadata('job-2', { truncateBefore: 2 });
    await expectRefusal('job-2');
  });
});
