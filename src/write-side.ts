import { randomUUID } from 'node:crypto';
import type { Directory } from '../projections/directory.js';
import { mayUse } from './application/budget-access.js';
import { nobodyElse, type Claimants } from './application/claimants.js';
import { systemClock as now } from './application/clock.js';
import { Heartbeat, type CopiedDataDirError } from './application/heartbeat.js';
import { JobCommandHandler } from './application/job-command-handler.js';
import { JobService } from './application/job-service.js';
import { JobStreams } from './application/job-streams.js';
import { LaneStreams } from './application/lane-streams.js';
import type { JobObserver } from './application/job-observer.js';
import type { Logger } from './application/logger.js';
import { RequestChecker } from './application/request-checker.js';
import { Retention } from './application/retention.js';
import { Runner } from './application/runner.js';
import { RunnerStreams } from './application/runner-streams.js';
import { RunnerWatch } from './application/runner-watch.js';
import { SagaHost } from './application/saga-host.js';
import type { Tracer } from './application/tracer.js';
import type { ActualBudgets } from './actual/actual-budgets.js';
import type { Config } from './config.js';
import type { EventStore } from './eventstore/event-store.js';
import { jobDefinitions, stepHandlers } from './jobs/registry.js';
import type { Suggester } from './suggestions/suggester.js';

/** What acts on jobs. */
export interface WriteSide {
  readonly service: JobService;
  readonly sagaHost: SagaHost;
  readonly runner: Runner;
  /** Begins to act, when the read side has caught up. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface WriteSideOptions {
  readonly config: Config;
  readonly runnerId: string;
  /** Whether another process may go by the same id: one that works in a folder of which ours is a copy. */
  readonly mayBeCopy: boolean;
  readonly store: EventStore;
  readonly budgets: ActualBudgets;
  readonly suggester: Suggester;
  readonly directory: Directory;
  /** This process must end: another one goes by its runner id. */
  readonly onTwin: (error: CopiedDataDirError) => void;
  readonly observer: JobObserver;
  readonly tracer: Tracer;
  readonly log: Logger;
}

const dayMs = 86_400_000;

export function buildWriteSide(options: WriteSideOptions): WriteSide {
  const { config, store, budgets, directory, observer, tracer, log } = options;
  const isShared = config.eventStoreUrl !== undefined;
  const jobs = new JobStreams(store, tracer);
  const lanes = new LaneStreams(store, now);
  const runner = buildRunner(options);
  const others = isShared ? listenToOthers(options, runner, (jobId) => sagaHost.lookAt(jobId)) : alone;
  const budgetIds = () => budgets.list().map(({ id }) => id);
  const handler = new JobCommandHandler({
    jobs,
    lanes,
    runner,
    claimants: others.claimants,
    isConfigured: (budgetId) => budgetIds().includes(budgetId),
    unknownBudgetGraceMs: isShared ? config.liveness.goneAfterMs : 0,
    maxInterruptions: config.steps.maxInterruptions,
    longestPauseMs: Math.max(config.steps.retryMaxMs, config.steps.retryAfterMaxMs),
    now,
    observer,
  });
  const sagaHost = new SagaHost({
    handler,
    jobs,
    lanes,
    runner,
    directory,
    sweepIntervalMs: config.jobs.sweepIntervalMs,
    takeoverGraceMs: isShared ? config.jobs.takeoverGraceMs : 0,
    now,
    log,
  });
  const checker = new RequestChecker({
    definitions: jobDefinitions,
    budgetIds: (ownerId) => budgetIds().filter((id) => mayUse(config.access, ownerId, id)),
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
    tracer,
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
  return {
    service,
    sagaHost,
    runner,
    start: async () => {
      await others.start();
      sagaHost.start();
      retention.start();
    },
    close: async () => {
      await retention.stop();
      await sagaHost.stop();
      await others.stop();
    },
  };
}

function buildRunner(options: WriteSideOptions): Runner {
  const { config, runnerId, budgets, suggester, observer, tracer, log } = options;
  const { steps } = config;
  const services = {
    budgets,
    suggester,
    maxBatchTransactions: config.jobs.maxBatchTransactions,
    tokenPrices: config.model?.prices,
  };
  return new Runner({
    id: runnerId,
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
    stopGraceMs: config.stepStopGraceMs,
    now,
    random: Math.random,
    log,
    observer,
    tracer,
  });
}

/** How this process and others with the same store know of each other. */
interface Others {
  readonly claimants: Claimants;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const alone: Others = {
  claimants: nobodyElse,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

function listenToOthers(
  { config, runnerId, mayBeCopy, store, onTwin, log }: WriteSideOptions,
  runner: Runner,
  onGone: (jobId: string) => void,
): Others {
  const { heartbeatIntervalMs, goneAfterMs } = config.liveness;
  const streams = new RunnerStreams(store);
  const own = { runnerId, bootId: randomUUID(), streams, log };
  const holdsClaims = () => runner.holdsClaims;
  const heartbeat = new Heartbeat({ ...own, intervalMs: heartbeatIntervalMs, holdsClaims, onTwin, now });
  const watch = new RunnerWatch({
    ...own,
    ...{ goneAfterMs, heartbeatIntervalMs, mayBeCopy, onGone },
    elapsed: () => performance.now(),
  });
  return {
    claimants: watch,
    start: async () => watch.start(await heartbeat.start()),
    stop: async () => {
      await heartbeat.stop();
      await watch.stop();
    },
  };
}
