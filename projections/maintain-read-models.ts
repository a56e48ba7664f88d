import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { EventStore, Position, SubscriptionItem } from '../src/eventstore/event-store.js';
import { reach } from '../src/eventstore/reach.js';
import { allProjections } from './all-projections.js';
import { CatchUp } from './catch-up.js';
import type { CatchUpProgress } from './catch-up-progress.js';
import { differencesFrom, type Difference } from './differences.js';
import { Projector } from './projector.js';
import { ReadDatabase } from './read-database.js';

/** Called now and then: what is being done, and how far it is. */
export type OnProgress = (doing: 'READING' | 'COMPARING', progress: CatchUpProgress) => void;

export interface Verification {
  /** Up to here the read models were compared with the log; empty where there is nothing in it. */
  readonly position: Position;
  readonly jobs: number;
  readonly differences: readonly Difference[];
}

const measureEveryMs = 2_000;

/**
 * Makes the read models in a file anew from the whole log.
 *
 * @throws EventStoreUnavailableError
 */
export async function rebuildReadModels(
  store: EventStore,
  file: string,
  onProgress?: OnProgress,
): Promise<void> {
  // Nothing is removed that cannot be made anew.
  await reach(store);
  // Rather than emptied: it may be damaged.
  ReadDatabase.remove(file);
  const database = ReadDatabase.open(file, allProjections);
  try {
    await catchUp(store, database, (progress) => onProgress?.('READING', progress));
  } finally {
    database.close();
  }
}

/**
 * Where the read models in a file are not what the log says, or would not be once they had caught up. The file stays as
 * it is: a copy of it does that.
 *
 * @throws EventStoreUnavailableError, DamagedReadModelsError
 * @throws OtherLogError they were made from another log
 */
export async function verifyReadModels(
  store: EventStore,
  file: string,
  onProgress?: OnProgress,
): Promise<Verification> {
  const folder = mkdtempSync(path.join(path.dirname(file), 'verify-'));
  const copy = path.join(folder, 'copy.sqlite');
  try {
    ReadDatabase.copy(file, copy);
    const database = ReadDatabase.open(copy, allProjections);
    try {
      return await verify(store, database, path.join(folder, 'rebuilt.sqlite'), onProgress);
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param other a file for those that are made anew */
async function verify(
  store: EventStore,
  database: ReadDatabase,
  other: string,
  onProgress?: OnProgress,
): Promise<Verification> {
  const position = await catchUp(store, database, (progress) => onProgress?.('READING', progress));
  const rebuilt = ReadDatabase.open(other, allProjections);
  try {
    const onMeasured = (progress: CatchUpProgress) => onProgress?.('COMPARING', progress);
    await catchUp(store, rebuilt, onMeasured, position);
  } finally {
    rebuilt.close();
  }
  const [row] = database.all<{ jobs: number }>('SELECT count(*) AS jobs FROM jobs');
  const differences = differencesFrom(other, database, allProjections);
  return { position, jobs: row?.jobs ?? 0, differences };
}

/** @returns how far it has come: to the end, or to the given one */
async function catchUp(
  store: EventStore,
  database: ReadDatabase,
  onProgress: (progress: CatchUpProgress) => void,
  end?: Position,
): Promise<Position> {
  const projector = new Projector({
    store: end === undefined ? store : logUpTo(end, store),
    database,
    projections: allProjections,
    onCommitted: () => undefined,
    onOtherLog: 'FAIL',
  });
  const options = { intervalMs: measureEveryMs, withoutStore: 'FAIL', onProgress } as const;
  try {
    await new CatchUp({ store, projector, ...options }).run();
    return projector.position;
  } finally {
    await projector.stop();
  }
}

/** A log to which others go on appending, as if nothing came after this position. */
function logUpTo(end: Position, store: EventStore): Pick<EventStore, 'subscribe' | 'read' | 'isPosition'> {
  return {
    isPosition: (text) => store.isPosition(text),
    read: (stream, options) => store.read(stream, options),
    async *subscribe(options): AsyncGenerator<SubscriptionItem, void, void> {
      for await (const item of store.subscribe(options)) {
        if (item.kind === 'event' && item.event.position > end) {
          yield { kind: 'caught-up' };
          return;
        }
        yield item;
      }
    },
  };
}
