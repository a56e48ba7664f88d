import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { EventStore } from '../src/eventstore/event-store.js';
import { allProjections } from './all-projections.js';
import { Projector } from './projector.js';
import { ReadDatabase, type Difference } from './read-database.js';

/** Empties the read models in a file: who opens them next makes them anew, from whatever log. */
export function resetReadModels(file: string): void {
  const database = ReadDatabase.open(file, allProjections);
  try {
    for (const projection of allProjections) database.reset(projection);
  } finally {
    database.close();
  }
}

/** Makes the read models in a file anew from the whole log. */
export async function rebuildReadModels(store: EventStore, file: string): Promise<void> {
  resetReadModels(file);
  const database = ReadDatabase.open(file, allProjections);
  try {
    await catchUp(store, database);
  } finally {
    database.close();
  }
}

/** Where the read models in a file, once they have caught up, are not what the log says. */
export async function verifyReadModels(store: EventStore, file: string): Promise<readonly Difference[]> {
  const folder = mkdtempSync(path.join(path.dirname(file), 'verify-'));
  const database = ReadDatabase.open(file, allProjections);
  try {
    await catchUp(store, database);
    const rebuilt = path.join(folder, 'rebuilt.sqlite');
    await rebuildReadModels(store, rebuilt);
    return database.differencesFrom(rebuilt, allProjections);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

async function catchUp(store: EventStore, database: ReadDatabase): Promise<void> {
  const projector = new Projector({
    store,
    database,
    projections: allProjections,
    onCommitted: () => undefined,
  });
  try {
    await projector.start();
  } finally {
    await projector.stop();
  }
}
