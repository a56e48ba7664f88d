import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { validate as isUuid } from 'uuid';
import { allProjections } from '../projections/all-projections.js';
import { Directory } from '../projections/directory.js';
import { JobReader } from '../projections/job-reader.js';
import { JobUpdates } from '../projections/job-updates.js';
import { Projector, type Changes } from '../projections/projector.js';
import { ReadDatabase } from '../projections/read-database.js';
import { buildApiSchema } from '../schema/build-schema.js';
import { systemClock } from './application/clock.js';
import { JobCommandHandler } from './application/job-command-handler.js';
import { JobService } from './application/job-service.js';
import { JobStreams } from './application/job-streams.js';
import { LaneStreams } from './application/lane-streams.js';
import type { Logger } from './application/logger.js';
import { RequestChecker } from './application/request-checker.js';
import { Retention } from './application/retention.js';
import { Runner } from './application/runner.js';
import { SagaHost } from './application/saga-host.js';
import type { ActualBudgets } from './actual/actual-budgets.js';
import { openServerBudgets } from './actual/server-budgets.js';
import type { ActualServerConfig, Config } from './config.js';
import { startDemo } from './demo/demo.js';
import { openSqliteEventStore } from './eventstore/sqlite/sqlite-event-store.js';
import type { EventStore } from './eventstore/event-store.js';
import { jobDefinitions, stepHandlers } from './jobs/registry.js';
import { startHttpServer, type Readiness } from './server/http-server.js';
import { StartedParts } from './started-parts.js';
import { HistorySuggester } from './suggestions/history-suggester.js';

/** All of it, running. */
export interface App {
  readonly url: string;
  readonly isDemo: boolean;
  /** Resolves when everything has ended; running steps get a grace to stop, and go on after the next start. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/**
 * Puts everything together and starts it; resolves when it is ready.
 *
 * @throws whatever kept a part from starting; what had been started is ended before
 */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const parts = new StartedParts();
  try {
    return await start(config, log, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function start(config: Config, log: Logger, parts: StartedParts): Promise<App> {
  const dataDir = path.resolve(config.dataDir);
  // It holds copies of budgets, as private as the budgets themselves.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // First, because it makes sure that no other process works in this folder.
  const store = parts.add(await openSqliteEventStore({ file: path.join(dataDir, 'events.sqlite') }));
  const database = parts.add(ReadDatabase.open(path.join(dataDir, 'read-models.sqlite'), allProjections));
  const server = config.actualServer ?? (await demoServer(config, dataDir, log, parts));
  const budgets = parts.add(openBudgets(config, server, dataDir, log));

  const readSide = buildReadSide(store, database);
  parts.add({ close: () => readSide.projector.stop() });
  const writeSide = buildWriteSide({ config, dataDir, store, budgets, directory: readSide.directory, log });
  const { sagaHost, retention, service } = writeSide;
  parts.add({ close: () => sagaHost.stop() });
  parts.add({ close: () => retention.stop() });
  const { url } = parts.add(
    await startHttpServer({
      host: config.host,
      port: config.port,
      schema: buildApiSchema(),
      context: {
        viewerId: 'local',
        jobs: service,
        reader: readSide.reader,
        updates: readSide.updates,
        knowsPosition: (position) =>
          readSide.directory.knows(position, AbortSignal.timeout(config.jobs.commandTimeoutMs)),
        budgets,
      },
      pageFolder: fileURLToPath(new URL('../ui', import.meta.url)),
      readiness: () => readinessOf(readSide.projector, sagaHost),
      log,
    }),
  );
  readSide.onLiveChange(({ jobIds, budgetIds }) => {
    for (const budgetId of budgetIds) sagaHost.lookAtLane(budgetId);
    for (const jobId of jobIds) sagaHost.lookAt(jobId);
  });
  await readSide.projector.start();
  sagaHost.start();
  retention.start();
  return { url, isDemo: !config.actualServer, close: () => parts.close() };
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

function buildReadSide(store: EventStore, database: ReadDatabase) {
  const reader = new JobReader(database);
  const updates = new JobUpdates(reader);
  let tell: (changes: Changes) => void = () => undefined;
  const projector = new Projector({
    store,
    database,
    projections: allProjections,
    onCommitted: (changes) => {
      updates.publish(changes.jobIds);
      // What was in the log already is looked at as a whole when the saga host starts.
      if (projector.state.status === 'LIVE') tell(changes);
    },
  });
  const onLiveChange = (listener: typeof tell) => {
    tell = listener;
  };
  return { reader, updates, projector, directory: new Directory(database, projector), onLiveChange };
}

function buildWriteSide({
  config,
  dataDir,
  store,
  budgets,
  directory,
  log,
}: {
  readonly config: Config;
  readonly dataDir: string;
  readonly store: EventStore;
  readonly budgets: ActualBudgets;
  readonly directory: Directory;
  readonly log: Logger;
}) {
  const now = systemClock;
  const jobs = new JobStreams(store);
  const lanes = new LaneStreams(store, now);
  const runner = buildRunner(config, runnerIdIn(dataDir), budgets, log);
  const budgetIds = () => budgets.list().map(({ id }) => id);
  const handler = new JobCommandHandler({
    jobs,
    lanes,
    runner,
    isConfigured: (budgetId) => budgetIds().includes(budgetId),
    maxInterruptions: config.steps.maxInterruptions,
    now,
  });
  const sagaHost = new SagaHost({
    handler,
    lanes,
    runner,
    directory,
    sweepIntervalMs: config.jobs.sweepIntervalMs,
    now,
    log,
  });
  const checker = new RequestChecker({
    definitions: jobDefinitions,
    budgetIds,
    unknownTransactions: (budgetId, ids) => budgets.unknownTransactions(budgetId, ids),
    maxBatchTransactions: config.jobs.maxBatchTransactions,
  });
  const service = new JobService({
    jobs,
    lanes,
    sagaHost,
    checker,
    directory,
    maxActiveJobs: config.jobs.maxActive,
    commandTimeoutMs: config.jobs.commandTimeoutMs,
    now,
    newJobId: randomUUID,
  });
  const retention = new Retention({
    jobs,
    lanes,
    directory,
    keepMs: config.retention.days * dayMs,
    intervalMs: config.retention.intervalMs,
    now,
    log,
  });
  return { sagaHost, service, retention };
}

function buildRunner(config: Config, id: string, budgets: ActualBudgets, log: Logger): Runner {
  const { steps } = config;
  const services = {
    budgets,
    suggester: new HistorySuggester(),
    maxBatchTransactions: config.jobs.maxBatchTransactions,
  };
  return new Runner({
    id,
    slots: steps.slots,
    handlers: stepHandlers(services, (stepType) =>
      stepType === 'SYNC' ? steps.syncDeadlineMs : steps.suggestionsDeadlineMs,
    ),
    retryPolicy: {
      maxAttempts: steps.maxAttempts,
      baseMs: steps.retryBaseMs,
      maxMs: steps.retryMaxMs,
      maxRetryAfterMs: steps.retryAfterMaxMs,
    },
    stopGraceMs: config.shutdownGraceMs,
    now: systemClock,
    random: Math.random,
    log,
  });
}

/** Kept over restarts, so that the claims of a former life are known as one's own. */
function runnerIdIn(dataDir: string): string {
  const file = path.join(dataDir, 'runner-id');
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (isUuid(known)) return known;
  const id = randomUUID();
  writeFileSync(`${file}.new`, id);
  renameSync(`${file}.new`, file);
  return id;
}

function readinessOf({ state }: Projector, { isStarted }: SagaHost): Readiness {
  return {
    ready: state.status === 'LIVE' && isStarted,
    parts: {
      readModels: state.status === 'FAILED' ? `FAILED: ${state.error.message}` : state.status,
      saga: isStarted ? 'STARTED' : 'STOPPED',
    },
  };
}
