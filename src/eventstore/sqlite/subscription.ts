import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SubscribeOptions, SubscriptionItem } from '../event-store.js';
import { EventStoreUnavailableError, UnknownPositionError } from '../event-store-errors.js';
import type { CommitSignal } from './commit-signal.js';
import { recorded, type EventTables } from './event-tables.js';
import { rowAt } from './position.js';
import { asUnavailable } from './storage-fault.js';

/** What a subscriber holds in memory, and what it takes of one turn of the event loop. */
const page = { rows: 500, characters: 1024 * 1024 };

/**
 * Reads the log page by page, as fast as the consumer takes it, and waits at its end for the next commit.
 *
 * @throws UnknownPositionError `after` is not a position of this store
 * @throws EventStoreUnavailableError
 */
export async function* subscription(
  tables: EventTables,
  committed: CommitSignal,
  { after, streamPrefixes, signal }: SubscribeOptions,
): AsyncGenerator<SubscriptionItem, void, void> {
  const isWanted = (stream: string) => streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
  const hasEnded = () => signal.aborted || committed.isClosed;

  if (committed.isClosed) throw new EventStoreUnavailableError('The event store is closed.');
  let position = after === undefined ? 0 : known(tables, after);
  let isCaughtUp = false;
  while (!hasEnded()) {
    const seen = committed.commits;
    const { rows, isLast } = readPage(tables, position);
    for (const row of rows) {
      position = row.position;
      if (!isWanted(row.stream)) continue;
      yield { kind: 'event', event: recorded(row) };
      if (hasEnded()) return;
    }
    if (!isLast) {
      // A consumer that never waits for anything would leave no turn to the others.
      await nextTurn();
      continue;
    }
    if (!isCaughtUp) {
      isCaughtUp = true;
      yield { kind: 'caught-up' };
    }
    await committed.after(seen, signal);
  }
}

/** A position of another store, or of this one's former life, would leave out events without a word. */
function known(tables: EventTables, after: string): number {
  const position = rowAt(after);
  if (position <= tables.lastPosition) return position;
  throw new UnknownPositionError(after);
}

function readPage(tables: EventTables, after: number) {
  try {
    return tables.readLog(after, page);
  } catch (error) {
    throw asUnavailable(error);
  }
}
