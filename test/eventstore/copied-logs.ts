import { expect } from 'vitest';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { append, newEvent, newEvents } from '../contract/contract-events.js';
import { follow, isCaughtUp } from '../contract/follow.js';

/** Everything that lies in a log, in the global order. */
export async function logOf(
  store: EventStore,
  streamPrefixes?: readonly string[],
): Promise<readonly RecordedEvent[]> {
  const follower = follow(store, streamPrefixes ? { streamPrefixes } : {});
  await follower.until(isCaughtUp);
  await follower.stop();
  return follower.events;
}

/** As they are in a copy: where they lie is counted anew. */
export function contentsOf(log: readonly RecordedEvent[]): readonly object[] {
  const counts = new Map<string, number>();
  return log.map(({ stream, id, type, data }) => {
    const revision = counts.get(stream) ?? 0;
    counts.set(stream, revision + 1);
    return { stream, revision, id, type, data };
  });
}

/** The same events in the same order, in the log as in each stream. */
export async function expectCopy(
  original: EventStore,
  copy: EventStore,
  streamPrefixes: readonly string[],
): Promise<void> {
  const expected = contentsOf(await logOf(original, streamPrefixes));
  const log = await logOf(copy, streamPrefixes);
  expect(log.map(({ position: _position, ...event }) => event)).toEqual(expected);
  for (const stream of new Set(log.map((event) => event.stream))) {
    expect(await copy.read(stream)).toEqual(log.filter((event) => event.stream === stream));
  }
}

/** Streams whose events lie in turn, one append each: `job-0` ... */
export async function interleave(store: EventStore, streams: number, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      Array.from({ length: streams }, (_, n) =>
        append(store, `job-${n}`, [newEvent({ n, round })], round === 0 ? 'no-stream' : round - 1),
      ),
    );
  }
}

/** All that may have happened to the streams of a server: cut, deleted, begun anew, and streams of no interest. */
export async function liveALittle(store: EventStore): Promise<void> {
  await interleave(store, 3, 3);
  await append(store, 'lane-a', newEvents(6), 'no-stream');
  await append(store, 'job-1', newEvents(4), 2);
  await append(store, 'unrelated', newEvents(2), 'no-stream');
  await store.setMetadata('lane-a', { truncateBefore: 4 });
  await append(store, 'job-gone', newEvents(3), 'no-stream');
  await store.delete('job-gone', { expectedRevision: 2 });
  await store.delete('job-2', { expectedRevision: 2 });
  await append(store, 'lane-a', newEvents(2), 5);
  await append(store, 'job-2', newEvents(2), 'no-stream');
  await append(store, 'lane-b', newEvents(5), 'no-stream');
  await store.setMetadata('lane-b', { maxCount: 2 });
}
