import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, RecordedEvent } from '../src/eventstore/event-store.js';
import { untilAvailable } from '../src/eventstore/until-available.js';

/** How often it is looked whether an event is still in its stream, milliseconds. */
const lookAgainMs = 1_000;

/**
 * Whether an event is still in its stream: the log of all streams may go on showing what was deleted or cut.
 *
 * @throws EventStoreUnavailableError
 */
export async function isKept(
  store: Pick<EventStore, 'read'>,
  { stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>,
): Promise<boolean> {
  const [next] = await store.read(stream, { fromRevision: revision, limit: 1 });
  return next?.revision === revision;
}

/** Resolves when an event is no longer in its stream; rejects when `signal` is aborted. */
export async function untilRemoved(
  store: Pick<EventStore, 'read'>,
  event: Pick<RecordedEvent, 'stream' | 'revision'>,
  signal: AbortSignal,
): Promise<void> {
  while (await untilAvailable(() => isKept(store, event), signal)) {
    await pause(lookAgainMs, undefined, { signal });
  }
}
