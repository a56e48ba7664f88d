import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger as ProcessLog } from 'pino';
import { buildApiSchema } from '../schema/build-schema.js';
import { systemClock as now } from './application/clock.js';
import { JobLog } from './application/job-log.js';
import { observedBy } from './application/job-observer.js';
import type { Logger } from './application/logger.js';
import { mayUse } from './application/budget-access.js';
import type { ActualBudgets } from './actual/actual-budgets.js';
import { ObservedBudgets } from './actual/observed-budgets.js';
import { openServerBudgets } from './actual/server-budgets.js';
import type { ActualServerConfig, Config } from './config.js';
import { openDataDir } from './data-dir.js';
import { startDemo } from './demo/demo.js';
import type { EventStore } from './eventstore/event-store.js';
import { EventStoreOpenError, EventStoreUnavailableError } from './eventstore/event-store-errors.js';
import { ObservedEventStore } from './eventstore/observed-event-store.js';
import { reach } from './eventstore/reach.js';
import { jobDefinitions, stepDefinitions } from './jobs/registry.js';
import { Metrics } from './metrics/metrics.js';
import { openAuthenticator } from './open-authenticator.js';
import { openEventStore } from './open-event-store.js';
import { withHashedOwners } from './server/open-log.js';
import { openSuggester } from './open-suggester.js';
import { openTracer } from './open-tracer.js';
import { openReadSide, type ReadSide } from './read-side.js';
import { presentStateOf } from './present-state-of.js';
import { startHttpServer } from './server/http-server.js';
import { partStatesOf } from './server/part-states.js';
import { ReadinessWatch } from './server/readiness-watch.js';
import { StartedParts } from './started-parts.js';
import { buildWriteSide, type WriteSide } from './write-side.js';

/** All of it, running. */
export interface App {
  readonly url: string;
  readonly isDemo: boolean;
  /** Resolves when it serves everything, for which it may have to wait; rejects where it never will. */
  readonly ready: Promise<void>;
  /** What it waits for, in a sentence, while it is not ready; undefined where that is nothing in particular. */
  readonly waitsFor: string | undefined;
  /** Rejects with why it must be ended; never resolves. */
  readonly mustEnd: Promise<never>;
  /** How many steps run, or are about to. */
  readonly runningSteps: number;
  /** Starts no step any more; resolves when those that run have ended, or after so long (milliseconds). Answers all meanwhile. */
  drain(graceMs: number): Promise<void>;
  /** Resolves when everything has ended; running steps get a grace to stop, and go on after the next start. */
  close(): Promise<void>;
}

/** How often a store that cannot be used yet is asked again (milliseconds). */
const askAgainMs = 1_000;

/** How long commands that are under way when it is closed may take until they are answered in any case (milliseconds). */
const lastAnswersMs = 500;

/**
 * Puts everything together and starts it; resolves when it listens.
 *
 * @throws whatever kept a part from starting; what had been started is ended before
 */
export async function startApp(config: Config, log: ProcessLog): Promise<App> {
  const parts = new StartedParts();
  try {
    return await start(config, log, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function start(config: Config, processLog: ProcessLog, parts: StartedParts): Promise<App> {
  // First, because it makes sure that no other process works in this folder.
  const { path: dataDir, runnerId, mayBeCopy, ownerKey } = parts.add(openDataDir(config.dataDir));
  const log = withHashedOwners(processLog, ownerKey);
  // Ends last: the others may have something to tell.
  const { tracer } = parts.add(await openTracer(config, log));
  const metrics = new Metrics({ jobTypes: typesOf(jobDefinitions), stepTypes: typesOf(stepDefinitions) });
  const store = new ObservedEventStore(parts.add(await openEventStore({ ...config, dataDir }, log)), {
    answered: metrics.onStoreAnswered,
    appended: (stream, position) => readSide.lag.appended(stream, position),
  });
  const server = config.actualServer ?? (await demoServer(config, dataDir, log, parts));
  const budgets = parts.add(
    new ObservedBudgets(openBudgets(config, server, dataDir, log), metrics.onActualError),
  );
  let end: (error: Error) => void = () => undefined;
  const mustEnd = new Promise<never>((_, reject) => (end = reject));
  mustEnd.catch(() => undefined);
  const readSide = parts.add(
    openReadSide({ store, dataDir, observer: metrics.readSide, log, onOtherLog: end }),
  );
  const { directory } = readSide;
  const suggester = await openSuggester(config, { store, metrics: metrics.registry });
  const writeSide = parts.add(
    buildWriteSide({
      ...{ config, runnerId, mayBeCopy, store, budgets, suggester, directory, onTwin: end, log },
      tracer,
      observer: observedBy(metrics.jobs, new JobLog(log)),
    }),
  );
  const watch = parts.add(
    new ReadinessWatch({ look: () => partStatesOf({ store, readSide, ...writeSide }), now }),
  );
  const { url } = parts.add(
    await startHttpServer({
      host: config.host,
      port: config.port,
      schema: buildApiSchema(),
      context: {
        jobs: writeSide.service,
        reader: readSide.reader,
        updates: readSide.updates,
        isUpToDate: () => readSide.isUpToDate,
        hasReadJobs: () => readSide.hasReadJobs,
        knowsPosition: (position) =>
          directory.knows(position, AbortSignal.timeout(config.jobs.commandTimeoutMs)),
        budgets: {
          list: (viewerId) => budgets.list().filter(({ id }) => mayUse(config.access, viewerId, id)),
          uncategorized: (budgetId, query) => budgets.uncategorized(budgetId, query),
        },
      },
      authenticator: await openAuthenticator(config, log),
      limits: config.limits,
      trustedProxies: config.trustedProxies,
      introspection: config.introspection,
      playground: config.playground,
      pageFolder: fileURLToPath(new URL('../ui', import.meta.url)),
      readiness: () => watch.look(),
      metrics: {
        contentType: metrics.contentType,
        text: () => metrics.text(presentStateOf(watch.look(), readSide, writeSide)),
      },
      metricsToken: config.metricsToken,
      onRefusal: metrics.onRefusal,
      tracer,
      log,
    }),
  );
  readSide.onLiveChange((changes) => {
    writeSide.sagaHost.happened(changes);
  });
  const closing = new AbortController();
  const ready = becomeReady({ store, readSide, writeSide, signal: closing.signal });
  ready.catch(() => undefined);
  return {
    url,
    isDemo: !config.actualServer,
    ready,
    get waitsFor() {
      return store.trouble ?? readSide.trouble;
    },
    mustEnd,
    get runningSteps() {
      return writeSide.runner.busySlots;
    },
    drain: (graceMs) => writeSide.runner.drain(graceMs),
    close: async () => {
      closing.abort();
      // Before the HTTP server, which waits a little longer, cuts them off.
      const answering = setTimeout(() => writeSide.service.giveUp(), lastAnswersMs);
      await parts.close();
      clearTimeout(answering);
    },
  };
}

async function becomeReady({
  store,
  readSide,
  writeSide,
  signal,
}: {
  readonly store: EventStore;
  readonly readSide: ReadSide;
  readonly writeSide: WriteSide;
  readonly signal: AbortSignal;
}): Promise<void> {
  await untilUsable(store, signal);
  signal.throwIfAborted();
  await readSide.catchUp();
  signal.throwIfAborted();
  await writeSide.start();
}

/** A store that refuses this server is asked again, too: what is wrong may be put right there. */
async function untilUsable(store: EventStore, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await reach(store);
      return;
    } catch (error) {
      const isWaitedFor = error instanceof EventStoreUnavailableError || error instanceof EventStoreOpenError;
      if (!isWaitedFor) throw error;
      await pause(askAgainMs, undefined, { signal });
    }
  }
}

function typesOf(definitions: readonly { readonly type: string }[]): readonly string[] {
  return definitions.map(({ type }) => type);
}

async function demoServer(
  config: Config,
  dataDir: string,
  log: Logger,
  parts: StartedParts,
): Promise<ActualServerConfig> {
  const { url, password, syncIds } = parts.add(
    await startDemo({ folder: path.join(dataDir, 'demo'), intervalMs: config.demoIntervalMs, log }),
  );
  return { url, password, syncIds, encryptionPassword: undefined };
}

function openBudgets(
  { actual }: Config,
  server: ActualServerConfig,
  dataDir: string,
  log: Logger,
): ActualBudgets {
  return openServerBudgets({ ...server, ...actual, folder: path.join(dataDir, 'actual'), log });
}
