import type { EventStore, Position, RecordedEvent } from './event-store.js';
import { historyOf } from './history.js';

/** What is compared with an original. */
type ComparedStore = Pick<EventStore, 'read' | 'subscribe'>;

export interface CompareOptions {
  readonly original: Pick<EventStore, 'subscribe'>;
  readonly copy: ComparedStore;
  /** Only streams whose name begins with one of these. */
  readonly streamPrefixes: readonly string[];
  /** Told how many events have been compared. */
  readonly onCompared?: (events: number) => void;
}

export type Comparison =
  /** All of the original is in the copy, or its beginning is; and nothing else. */
  | { readonly kind: 'same' | 'beginning'; readonly copied: CopiedPart }
  /** The first stream in which the copy is not what the original is. */
  | { readonly kind: 'different'; readonly stream: string };

/** How much of a log is in a copy of it. */
export interface CopiedPart {
  /** Of the last event, in the original; undefined before the first. */
  readonly upTo: Position | undefined;
  readonly events: number;
  /** Of the last event of each stream, in the copy. */
  readonly revisions: ReadonlyMap<string, number>;
}

/** How many streams are asked for at once. */
const streamsAtOnce = 50;

/**
 * Compares every event: its place in the global order and in its stream, its id, type, data and metadata. Revisions of the copy
 * count from 0, where those of the original go on after a cut or a deletion. It holds a number for each stream in
 * memory, and no events.
 *
 * @throws EventStoreUnavailableError
 */
export async function compareLogs({
  original,
  copy,
  streamPrefixes,
  onCompared,
}: CompareOptions): Promise<Comparison> {
  const originals = historyOf(original, { streamPrefixes });
  const revisions = new Map<string, number>();
  let upTo: Position | undefined;
  let events = 0;
  try {
    for await (const event of historyOf(copy, { streamPrefixes })) {
      const { value } = await originals.next();
      if (!value || !isSame(event, value)) return { kind: 'different', stream: event.stream };
      revisions.set(event.stream, event.revision);
      upTo = value.position;
      events += 1;
      onCompared?.(events);
    }
    const stream = await findHidden(copy, revisions);
    if (stream !== undefined) return { kind: 'different', stream };
    const isAll = (await originals.next()).done === true;
    return { kind: isAll ? 'same' : 'beginning', copied: { upTo, events, revisions } };
  } finally {
    await originals.return();
  }
}

function isSame(one: RecordedEvent, other: RecordedEvent): boolean {
  return (
    one.stream === other.stream &&
    one.id === other.id &&
    one.type === other.type &&
    JSON.stringify(one.data) === JSON.stringify(other.data) &&
    JSON.stringify(one.metadata) === JSON.stringify(other.metadata)
  );
}

/** Of a stream that was deleted or cut, the log may still show what the stream itself does not. */
async function findHidden(
  store: ComparedStore,
  revisions: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  const streams = [...revisions.keys()];
  for (let from = 0; from < streams.length; from += streamsAtOnce) {
    const some = streams.slice(from, from + streamsAtOnce);
    const firsts = await Promise.all(some.map((stream) => store.read(stream, { limit: 1 })));
    const hidden = firsts.findIndex(([first]) => first?.revision !== 0);
    if (hidden >= 0) return some[hidden];
  }
  return undefined;
}
