import { describe, expect, it } from 'vitest';
import { untilAvailable } from '../../src/eventstore/until-available.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';

const never = new AbortController().signal;

/** Work that fails so often because the store is away. */
function awayFor(times: number) {
  let tried = 0;
  const work = () => {
    tried += 1;
    return tried <= times ? Promise.reject(new EventStoreUnavailableError('away')) : Promise.resolve(tried);
  };
  return { work, tried: () => tried };
}

describe('work that needs the event store', () => {
  it('is done again until the store is back', async () => {
    expect(await untilAvailable(awayFor(3).work, never)).toBe(4);
  });

  it('is done no more when it took longer than it may', async () => {
    const { work, tried } = awayFor(Infinity);
    await expect(untilAvailable(work, never, 60)).rejects.toThrow(EventStoreUnavailableError);
    expect(tried()).toBeGreaterThan(1);
  });

  it('is done no more when nobody wants it any longer', async () => {
    const stop = new AbortController();
    const { work, tried } = awayFor(Infinity);
    const failed = untilAvailable(work, stop.signal);
    await expect.poll(tried).toBe(2);
    stop.abort();
    await expect(failed).rejects.toThrow(EventStoreUnavailableError);
  });

  it('is not done again where it fails for another reason', async () => {
    let tried = 0;
    const work = () => Promise.reject(new Error(`attempt ${++tried}`));
    await expect(untilAvailable(work, never)).rejects.toThrow('attempt 1');
  });
});
