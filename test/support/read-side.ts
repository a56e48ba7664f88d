import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { allProjections } from '../../projections/all-projections.js';
import { Directory } from '../../projections/directory.js';
import { JobReader } from '../../projections/job-reader.js';
import { JobUpdates, type UpdatesObserver } from '../../projections/job-updates.js';
import type { Projection } from '../../projections/projection.js';
import { Projector } from '../../projections/projector.js';
import { ReadDatabase } from '../../projections/read-database.js';
import type { Changes } from '../../projections/uncommitted-changes.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import type { EventStore, Position } from '../../src/eventstore/event-store.js';
import type { MalformedEventError } from '../../src/eventstore/malformed-event-error.js';

/** The whole read side over a store, as the server has it. */
export function openReadSide(
  store: Pick<EventStore, 'subscribe' | 'read' | 'isPosition'>,
  folder: string,
  {
    projections = allProjections,
    onCommitted = () => undefined,
    onOtherLog = 'BEGIN_ANEW',
    onUnreadable = 'FAIL',
    onIgnored = () => undefined,
    updatesObserver,
  }: {
    projections?: readonly Projection[];
    onCommitted?: (changes: Changes) => void;
    onOtherLog?: 'BEGIN_ANEW' | 'FAIL';
    onUnreadable?: 'WAIT' | 'FAIL';
    onIgnored?: (error: MalformedEventError) => void;
    updatesObserver?: UpdatesObserver;
  } = {},
) {
  const database = ReadDatabase.openInAnyCase(path.join(folder, 'read-models.sqlite'), projections);
  const reader = new JobReader(database);
  const updates = new JobUpdates(reader, updatesObserver);
  const projector = new Projector({
    store,
    database,
    projections,
    onOtherLog,
    onUnreadable,
    onIgnored,
    onCommitted: (changes) => {
      updates.publish(changes.jobs.map(({ id }) => id));
      onCommitted(changes);
    },
  });
  return {
    database,
    reader,
    updates,
    projector,
    directory: new Directory(database, projector),
    close: async () => {
      await projector.stop();
      database.close();
    },
  };
}

export async function record(
  store: EventStore,
  stream: string,
  ...events: readonly (JobEvent | LaneEvent)[]
): Promise<Position> {
  const { position } = await store.append(
    stream,
    events.map(({ type, ...data }) => ({ id: randomUUID(), type, data })),
    { expectedRevision: 'any' },
  );
  return position;
}
