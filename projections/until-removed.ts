import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, RecordedEvent } from '../src/eventstore/event-store.js';
import { EventStoreUnavailableError } from '../src/eventstore/event-store-errors.js';

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

/** Resolves when an event is no longer in its stream. @throws the signal's reason */
export async function untilRemoved(
  store: Pick<EventStore, 'read'>,
  event: Pick<RecordedEvent, 'stream' | 'revision'>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      if (!(await isKept(store, event))) return;
    } catch (error) {
      if (!(error instanceof EventStoreUnavailableError)) throw error;
    }
    await pause(lookAgainMs, undefined, { signal });
  }
}
