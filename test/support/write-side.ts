import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { nobodyElse } from '../../src/application/claimants.js';
import {
  JobCommandHandler,
  type Handled,
  type JobCommandOptions,
} from '../../src/application/job-command-handler.js';
import { JobService } from '../../src/application/job-service.js';
import { JobStreams } from '../../src/application/job-streams.js';
import { LaneStreams } from '../../src/application/lane-streams.js';
import type { Logger } from '../../src/application/logger.js';
import { isRefusal } from '../../src/application/refusal.js';
import { RequestChecker, type StartJobInput } from '../../src/application/request-checker.js';
import { Retention } from '../../src/application/retention.js';
import { Runner } from '../../src/application/runner.js';
import { SagaHost } from '../../src/application/saga-host.js';
import type { Job } from '../../src/domain/job.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { jobDefinitions } from '../../src/jobs/registry.js';
import { FaultyEventStore } from './faulty-event-store.js';
import { budget, owner, runner as runnerId } from './job-history.js';
import { openReadSide } from './read-side.js';
import { StepsByHand } from './steps-by-hand.js';

const hourMs = 3_600_000;

const defaults = {
  slots: 4,
  budgetIds: [budget, 'business'],
  deadlineMs: hourMs,
  stopGraceMs: hourMs,
  /** So rarely that no test is carried by it. */
  sweepIntervalMs: hourMs,
  takeoverGraceMs: 0,
  /** Claims of others belong to servers that live. */
  othersLive: false,
  unknownBudgetGraceMs: 0,
  commandTimeoutMs: 20_000,
  maxActiveJobs: 100,
  maxInterruptions: 3,
  maxAttempts: 3,
  retryBaseMs: 10,
  maxRetryAfterMs: hourMs,
  longestPauseMs: hourMs,
  keepMs: 30 * 24 * hourMs,
  /** Nobody hears of events: only what is done at once, and what sweeps find, makes jobs go on. */
  isDeaf: false,
  /** Added to the time of day. */
  clockOffsetMs: 0,
};
type Options = typeof defaults;
export type WriteSideOptions = Partial<Options>;
type ReadSide = ReturnType<typeof openReadSide>;

export interface Logged {
  readonly level: string;
  readonly facts: object;
  readonly message: string;
}

/** All that acts on jobs, over a real event store and real read models; only steps are carried out by hand. */
export class WriteSide {
  readonly steps = new StepsByHand();
  readonly logged: Logged[] = [];
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly sagaHost: SagaHost;
  readonly service: JobService;
  readonly retention: Retention;
  readonly #readSide: ReadSide;
  readonly #never = new AbortController().signal;

  constructor(
    readonly store: FaultyEventStore,
    folder: string,
    options: Options,
  ) {
    this.#readSide = openReadSide(store, folder, {
      onCommitted: (changes) => {
        if (options.isDeaf || this.#readSide.projector.state.status !== 'LIVE') return;
        this.sagaHost.happened(changes);
      },
    });
    const parts = compose({
      store,
      directory: this.#readSide.directory,
      steps: this.steps,
      log: this.#log(),
      options,
    });
    this.jobs = parts.jobs;
    this.lanes = parts.lanes;
    this.sagaHost = parts.sagaHost;
    this.service = parts.service;
    this.retention = parts.retention;
  }

  /** What the read side tells the write side. */
  get directory(): ReadSide['directory'] {
    return this.#readSide.directory;
  }

  async start(): Promise<void> {
    await this.#readSide.projector.start();
    this.sagaHost.start();
  }

  async stop(): Promise<void> {
    await this.sagaHost.stop();
    await this.retention.stop();
    await this.#readSide.close();
    await this.store.close();
  }

  /** Starts a job and gives its id; what is left out is a SYNC of the first budget. */
  async startJob(input: Partial<StartJobInput> = {}, ownerId = owner): Promise<string> {
    const started = await this.tryStart(input, ownerId);
    if (isRefusal(started)) throw new Error(`refused: ${started.code}`);
    return started.jobId;
  }

  tryStart(input: Partial<StartJobInput> = {}, ownerId = owner) {
    return this.service.start(ownerId, {
      type: 'SYNC',
      budgetId: budget,
      onConflict: 'RETURN_EXISTING',
      ...input,
    });
  }

  async job(jobId: string): Promise<Job> {
    // What a test looks at is not known to the write side by that.
    return (await new JobStreams(this.store).load(jobId, this.#never)).job;
  }

  /** Resolves when the job has come to this status. */
  async until(jobId: string, status: Job['status']): Promise<void> {
    await vi.waitFor(async () => expect((await this.job(jobId)).status).toBe(status), {
      timeout: 10_000,
      interval: 5,
    });
  }

  /** Resolves when the job has left its lane and queries know it. */
  async untilReleased(jobId: string): Promise<void> {
    await vi.waitFor(
      () => expect(this.directory.occupiedLanes().flatMap(({ jobIds }) => jobIds)).not.toContain(jobId),
      { timeout: 10_000, interval: 5 },
    );
  }

  /** Asks the saga about a job, as whoever heard of it does; a sweep doubts what is known. */
  look(jobId: string, options: Pick<JobCommandOptions, 'laneId' | 'knowledge'> = {}): Promise<Handled> {
    return this.sagaHost.command(jobId, { ...options, signal: this.#never });
  }

  /** The job's history: the names of its events. */
  async history(jobId: string): Promise<readonly string[]> {
    return (await this.store.read(jobStream(jobId))).map(({ type }) => type);
  }

  async laneHistory(budgetId = budget): Promise<readonly string[]> {
    return (await this.store.read(laneStream(budgetId))).map(({ type }) => type);
  }

  /** Ids of the jobs in a lane. */
  async lane(budgetId = budget): Promise<readonly string[]> {
    const { lane } = await new LaneStreams(this.store, () => '').load(budgetId, this.#never);
    return lane.admissions.map(({ jobId }) => jobId);
  }

  /** What users see of a job: the status that queries show. */
  shownStatus(jobId: string): string | undefined {
    return this.#readSide.reader.job(owner, jobId)?.status;
  }

  #log(): Logger {
    const at = (level: string) => (facts: object, message: string) => {
      this.logged.push({ level, facts, message });
    };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

function compose({
  store,
  directory,
  steps,
  log,
  options,
}: {
  readonly store: FaultyEventStore;
  readonly directory: ReadSide['directory'];
  readonly steps: StepsByHand;
  readonly log: Logger;
  readonly options: Options;
}) {
  const now = () => new Date(Date.now() + options.clockOffsetMs).toISOString();
  const { budgetIds, deadlineMs } = options;
  const jobs = new JobStreams(store);
  const lanes = new LaneStreams(store, now);
  const runner = new Runner({
    ...options,
    id: runnerId,
    handlers: new Map(
      ['SYNC', 'SUGGESTIONS_GENERATION'].map((type) => [type, steps.handler(type, deadlineMs)]),
    ),
    retryPolicy: { ...options, baseMs: options.retryBaseMs, maxMs: hourMs },
    now,
    random: () => 0,
    log,
  });
  const isConfigured = (budgetId: string) => budgetIds.includes(budgetId);
  const handler = new JobCommandHandler({
    ...options,
    jobs,
    lanes,
    runner,
    claimants: options.othersLive ? { isGone: () => false } : nobodyElse,
    isConfigured,
    now,
  });
  const sagaHost = new SagaHost({ ...options, handler, jobs, lanes, runner, directory, now, log });
  const checker = new RequestChecker({
    definitions: jobDefinitions,
    budgetIds: () => budgetIds,
    unknownTransactions: () => Promise.resolve([]),
    maxBatchTransactions: 3,
  });
  return {
    jobs,
    lanes,
    sagaHost,
    service: new JobService({
      ...options,
      ...{ jobs, lanes, sagaHost, checker, directory, now },
      newJobId: randomUUID,
    }),
    retention: new Retention({ ...options, jobs, lanes, directory, intervalMs: hourMs, now, log }),
  };
}

/** Opens write sides in folders, and closes what is open after each test. To be called at a file's top. */
export function writeSides() {
  let open: WriteSide[] = [];
  afterEach(async () => {
    const sides = open;
    open = [];
    await Promise.all(sides.map((side) => side.stop()));
  });
  const close = async (side: WriteSide) => {
    open = open.filter((each) => each !== side);
    await side.stop();
  };
  /** Not started yet: what came before can be recorded first. */
  const prepare = async (folder: string, options: WriteSideOptions = {}) => {
    const store = new FaultyEventStore(
      await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') }),
    );
    const side = new WriteSide(store, folder, { ...defaults, ...options });
    open.push(side);
    return side;
  };
  const start = async (folder: string, options: WriteSideOptions = {}) => {
    const side = await prepare(folder, options);
    await side.start();
    return side;
  };
  return { prepare, start, close };
}
