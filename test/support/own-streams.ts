import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';

/** All that was appended after a position and that the log still tells of, up to now. */
export async function eventsAfter(store: EventStore, after?: string): Promise<readonly RecordedEvent[]> {
  const stopping = new AbortController();
  const events: RecordedEvent[] = [];
  try {
    for await (const item of store.subscribe({ after, signal: stopping.signal })) {
      if (item.kind === 'caught-up') break;
      events.push(item.event);
    }
    return events;
  } finally {
    stopping.abort();
  }
}

/** The names of all streams that the log tells of, those included that were deleted. */
async function streamsIn(store: EventStore): Promise<readonly string[]> {
  return [...new Set((await eventsAfter(store)).map(({ stream }) => stream))];
}

/** What is left in all streams, in the order of the log; the log itself may hold what was deleted for longer. */
export async function visibleEvents(store: EventStore): Promise<readonly RecordedEvent[]> {
  const streams = await streamsIn(store);
  const events = (await Promise.all(streams.map((stream) => store.read(stream)))).flat();
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}

/** Whoever else uses the store sees nothing of the test any longer. */
export async function deleteStreams(store: EventStore): Promise<void> {
  for (const stream of await streamsIn(store)) {
    const [last] = await store.read(stream, { direction: 'backwards', limit: 1 });
    if (last) await store.delete(stream, { expectedRevision: last.revision });
  }
}
