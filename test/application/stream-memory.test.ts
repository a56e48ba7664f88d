import { expect, it } from 'vitest';
import { nextMoment, type Moment } from '../../src/application/moment.js';
import { StreamMemory } from '../../src/application/stream-memory.js';
import type { AppendResult } from '../../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';

interface Seen {
  readonly revision: number;
  readonly asOf: Moment;
}

const never = new AbortController().signal;
const seen = (revision: number): Seen => ({ revision, asOf: nextMoment() });

/** Begins an append after revision 1; `end` says how it went. */
function beginAppend(memory: StreamMemory<Seen>, revision = 2) {
  let end: (result: AppendResult | Error) => void = () => undefined;
  const result = new Promise<AppendResult>((resolve, reject) => {
    end = (given) => {
      if (given instanceof Error) reject(given);
      else resolve(given);
    };
  });
  const appended = memory.append(
    'a',
    () => result,
    (before, { revision: last }, asOf) => (before?.revision === 1 ? { revision: last, asOf } : undefined),
  );
  return { appended, succeed: () => end({ revision, position: '' }), fail: end };
}

it('knows nothing of a stream that was never read', async () => {
  expect(await new StreamMemory<Seen>(10).recall('a', never)).toBeUndefined();
});

it('knows what was learned last', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  memory.learn('a', seen(2));

  expect(await memory.recall('a', never)).toMatchObject({ revision: 2 });
});

it('goes not back to what somebody read who saw less and came later', async () => {
  const memory = new StreamMemory<Seen>(10);
  const less = seen(1);
  memory.learn('a', seen(2));
  memory.learn('a', less);

  expect(await memory.recall('a', never)).toMatchObject({ revision: 2 });
});

it('does not answer with what is older than it may be', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));

  expect(await memory.recall('a', never, nextMoment())).toBeUndefined();
});

it('is no longer certain when the log tells of more, until it is read again', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  memory.noticed('a', 2);
  expect(await memory.recall('a', never)).toBeUndefined();

  memory.learn('a', seen(2));
  expect(await memory.recall('a', never)).toMatchObject({ revision: 2 });
});

it('stays certain when the log tells of what is known', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  memory.noticed('a', 1);

  expect(await memory.recall('a', never)).toMatchObject({ revision: 1 });
});

it('learns what was appended, also where the log told of it before', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  const { appended, succeed } = beginAppend(memory);
  memory.noticed('a', 2);
  const recalled = memory.recall('a', never);
  succeed();
  await appended;

  expect(await recalled).toMatchObject({ revision: 2 });
});

it('is not certain of what somebody else appended while it appended, too', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  const { appended, succeed } = beginAppend(memory);
  memory.noticed('a', 3);
  succeed();
  await appended;

  await expect.poll(() => memory.recall('a', never)).toBeUndefined();
});

it.each([
  ['lost a race', new Error('too late')],
  ['has no known outcome', new EventStoreUnavailableError('The connection was lost')],
])('is no longer certain where an append %s', async (_how, error) => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  const { appended, fail } = beginAppend(memory);
  fail(error);
  await expect(appended).rejects.toBe(error);

  expect(await memory.recall('a', never)).toBeUndefined();
});

it('is no longer certain where it did not know what was appended to', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(0));
  const { appended, succeed } = beginAppend(memory);
  succeed();
  await appended;

  expect(await memory.recall('a', never)).toBeUndefined();
});

it('does not let anybody wait for an append for longer than they want', async () => {
  const memory = new StreamMemory<Seen>(10);
  memory.learn('a', seen(1));
  const { appended, succeed } = beginAppend(memory);
  const waiting = new AbortController();
  const recalled = memory.recall('a', waiting.signal);
  waiting.abort();

  await expect(recalled).rejects.toThrow(EventStoreUnavailableError);
  await expect(memory.recall('a', AbortSignal.abort())).rejects.toThrow(EventStoreUnavailableError);
  succeed();
  await appended;
});

it('keeps so many in mind and no more, and those that were asked for last', async () => {
  const memory = new StreamMemory<Seen>(3, ({ revision }) => revision);
  memory.learn('a', seen(1));
  memory.learn('b', seen(1));
  await memory.recall('a', never);
  memory.learn('c', seen(2));

  expect(memory.last('a')).toBeDefined();
  expect(memory.last('b')).toBeUndefined();
  expect(memory.last('c')).toBeDefined();
});
