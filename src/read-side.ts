import path from 'node:path';
import { allProjections } from '../projections/all-projections.js';
import { CatchUp } from '../projections/catch-up.js';
import { describeProgress, type CatchUpProgress } from '../projections/catch-up-progress.js';
import { Directory } from '../projections/directory.js';
import { JobReader } from '../projections/job-reader.js';
import { JobUpdates } from '../projections/job-updates.js';
import { jobsProjection } from '../projections/jobs-projection.js';
import { OtherLogError } from '../projections/other-log-error.js';
import { ProjectionLag } from '../projections/projection-lag.js';
import { Projector } from '../projections/projector.js';
import { queueLengths, type QueueLengths } from '../projections/queue-lengths.js';
import { ReadDatabase } from '../projections/read-database.js';
import type { Changes } from '../projections/uncommitted-changes.js';
import type { Logger } from './application/logger.js';
import type { EventStore } from './eventstore/event-store.js';
import type { ReadSideObserver } from './metrics/read-side-metrics.js';

/** What answers queries and feeds subscriptions. */
export interface ReadSide {
  readonly reader: JobReader;
  readonly updates: JobUpdates;
  readonly projector: Projector;
  readonly directory: Directory;
  /** How far what is shown lags behind what this process appends, which is told to it. */
  readonly lag: ProjectionLag;
  /** Resolves when all that was in the log is applied; rejects where that fails. */
  catchUp(): Promise<void>;
  /** How far it is with that, while it is. */
  readonly progress: CatchUpProgress | undefined;
  /** How much of the log each projection has applied, by name, from 0 to 1, while `progress` tells. */
  readonly fractions: ReadonlyMap<string, number>;
  /** Whether what queries show is all that was in the log at the start, and goes on with it. */
  readonly isUpToDate: boolean;
  /** Whether queries show jobs at all, as far as they were read once: in this life of the server, or in a former one. */
  readonly hasReadJobs: boolean;
  /** Undefined while it is not up to date: it has not read the end of every job. */
  readonly queues: QueueLengths | undefined;
  /** What it waits for, in a sentence; undefined where that is nothing in particular. */
  readonly trouble: string | undefined;
  /** Calls the listener for what happens once the read side is up to date. */
  onLiveChange(listener: (changes: Changes) => void): void;
  close(): Promise<void>;
}

/** How often it is measured how far a catch-up is (milliseconds). */
const measureEveryMs = 1_000;

export interface ReadSideOptions {
  readonly store: EventStore;
  readonly dataDir: string;
  readonly observer: ReadSideObserver;
  readonly log: Logger;
  /** Called where the log was replaced while it was followed: nothing that this process knows holds. */
  readonly onOtherLog: (error: OtherLogError) => void;
}

/** @throws NodeJS.ErrnoException, SqliteError the read models cannot be written */
export function openReadSide({ store, dataDir, observer, log, onOtherLog }: ReadSideOptions): ReadSide {
  const database = ReadDatabase.openInAnyCase(readModelsIn(dataDir), allProjections);
  const reader = new JobReader(database);
  const updates = new JobUpdates(reader, observer);
  const lag = new ProjectionLag((lagMs) => observer.shown(lagMs));
  let tell: (changes: Changes) => void = () => undefined;
  const projector = new Projector({
    store,
    database,
    projections: allProjections,
    onCommitted: (changes) => {
      lag.applied(projector.position);
      updates.publish(changes.jobs.map(({ id }) => id));
      // What was in the log already is looked at as a whole when the saga host starts.
      if (projector.hasBeenLive) tell(changes);
    },
    onUnreadable: 'WAIT',
    onIgnored: (error) => {
      log.warn(
        { ...error.event },
        'An event that cannot be read was removed from its stream, and is ignored',
      );
    },
    onFailed: (error) => {
      if (error instanceof OtherLogError) onOtherLog(error);
      else log.error({ err: error }, 'The read models cannot go on; this server is not ready any longer');
    },
  });
  const catchUp = new CatchUp({ store, projector, intervalMs: measureEveryMs, withoutStore: 'WAIT' });
  return {
    reader,
    updates,
    projector,
    directory: new Directory(database, projector),
    lag,
    catchUp: () => catchUp.run(),
    get progress() {
      return catchUp.progress;
    },
    get fractions() {
      return catchUp.fractions;
    },
    get isUpToDate() {
      return projector.state.status === 'LIVE';
    },
    get hasReadJobs() {
      return projector.hasBeenLive || database.checkpoint(jobsProjection.name) !== '';
    },
    get queues() {
      return projector.state.status === 'LIVE' ? queueLengths(database) : undefined;
    },
    get trouble() {
      const { state } = projector;
      if (state.status === 'FAILED') return state.error.message;
      return catchUp.progress && `It has read ${describeProgress(catchUp.progress)}.`;
    },
    onLiveChange: (listener) => {
      tell = listener;
    },
    close: async () => {
      await projector.stop();
      database.close();
    },
  };
}

export function readModelsIn(dataDir: string): string {
  return path.join(dataDir, 'read-models.sqlite');
}
