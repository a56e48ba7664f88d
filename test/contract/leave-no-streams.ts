import type { EventStore } from '../../src/eventstore/event-store.js';
import { ownPrefix } from './contract-events.js';
import { follow, isCaughtUp } from './follow.js';

/** Deletes what this run has appended: somebody else may see the store. */
export async function leaveNoStreams(store: EventStore): Promise<void> {
  const follower = follow(store, { streamPrefixes: [ownPrefix, ownPrefix.toUpperCase()] });
  await follower.until(isCaughtUp);
  await follower.stop();
  const streams = new Map(follower.events.map(({ stream, revision }) => [stream, revision]));
  for (const [stream, expectedRevision] of streams) await store.delete(stream, { expectedRevision });
}
