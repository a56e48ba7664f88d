import { vi } from 'vitest';
import {
  JobCommandHandler,
  type JobCommandHandlerOptions,
  type JobCommandOptions,
} from '../../src/application/job-command-handler.js';
import { JobService } from '../../src/application/job-service.js';
import { JobStreams } from '../../src/application/job-streams.js';
import { LaneStreams } from '../../src/application/lane-streams.js';
import { isRefusal, type Refusal } from '../../src/application/refusal.js';
import { RequestChecker } from '../../src/application/request-checker.js';
import { Retention } from '../../src/application/retention.js';
import type { JobCommand } from '../../src/domain/decide-job.js';
import { isActive } from '../../src/domain/job.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { jobDefinitions } from '../../src/jobs/registry.js';
import { minutesAfter, owner, suggestionsResult, syncResult, unreachable } from '../support/job-history.js';
import type { Carry, Host } from './program.js';
import { isSameClaim, type Outcome, type Task } from './task.js';

/** The parts of the write side that a test may put something wrong in the place of. */
interface Parts {
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
}

export type MakeParts = (store: EventStore, now: () => string, remember: Host['remember']) => Parts;

export const realParts: MakeParts = (store, now) => ({
  jobs: new JobStreams(store),
  lanes: new LaneStreams(store, now),
});

export interface Settings {
  readonly budgetIds: readonly string[];
  readonly slots: number;
  readonly maxInterruptions: number;
  readonly judgesAllGone: boolean;
}

/**
 * Commands, looks, reports and retention, carried out by the code that ships. Every task gets lanes and streams of its
 * own: what they keep of a lane in memory is what was read before, so that a task which begins knows at most more.
 * Commands of one server that would wait for each other (`inTurn`) go side by side here.
 */
export function realCode(makeParts: MakeParts, settings: Settings): Carry {
  return async (task, server, host) => {
    const write = writeSide(makeParts, settings, task, server, host);
    try {
      return await write();
    } catch (error) {
      if (error instanceof EventStoreUnavailableError) return { kind: 'UNKNOWN' };
      return { kind: 'THREW', message: error instanceof Error ? error.message : String(error) };
    }
  };
}

function writeSide(
  makeParts: MakeParts,
  settings: Settings,
  task: Task,
  server: string,
  host: Host,
): () => Promise<Outcome> {
  const now = () => {
    const instant = host.surroundings().now;
    host.saw(instant);
    return instant;
  };
  const { jobs, lanes } = makeParts(host.store, now, host.remember);
  const handler = new JobCommandHandler({
    ...settings,
    ...{ jobs, lanes, now },
    runner: runnerOf(server, settings, host),
    claimants: {
      isGone: (_jobId, { runnerId, ...claim }) =>
        runnerId === server ||
        settings.judgesAllGone ||
        (task.kind === 'LOOK' && isSameClaim(task.judgedGone, { runnerId, ...claim })),
    },
    isConfigured: () => true,
    unknownBudgetGraceMs: 0,
    longestPauseMs: 300_000,
  });
  const command = async (jobId: string, options: Omit<JobCommandOptions, 'claimSignal'>) => {
    const handled = await handler.handle(jobId, { ...options, claimSignal: options.signal });
    const { claimed, job } = handled;
    if (claimed) host.did({ kind: 'RUNS', jobId, claim: claimed.reservation.claim });
    if (isActive(job) && job.cancelRequested) host.did({ kind: 'TOLD', jobId });
    return handled;
  };
  const service = new JobService({
    ...{ jobs, lanes, now },
    // Looks come at any time, wanted or not.
    sagaHost: { adopt: () => undefined, command, lookAtLane: () => undefined },
    checker: new RequestChecker({
      definitions: jobDefinitions,
      budgetIds: () => settings.budgetIds,
      unknownTransactions: () => Promise.resolve([]),
      maxBatchTransactions: 1,
    }),
    directory: {
      caughtUpTo: async (position) => {
        host.did({ kind: 'SHOWN', position });
      },
      countActive: () => 0,
      isOfAnother: () => false,
    },
    newJobId: () => ('command' in task ? `of-${task.command}` : ''),
    maxActiveJobs: 100,
    commandTimeoutMs: 1,
  });
  switch (task.kind) {
    case 'START':
      return async () => {
        const { type, budgetId, onConflict, key: idempotencyKey } = task;
        const batch = type === 'SYNC' ? undefined : { allUncategorized: true };
        const input = { type, budgetId, onConflict, batch, idempotencyKey };
        return shown(await inTime(host, () => service.start(owner, input)));
      };
    case 'CANCEL':
      return async () => shown(await inTime(host, () => service.cancel(owner, task.jobId)));
    case 'RETRY':
      return async () => shown(await inTime(host, () => service.retry(owner, task.jobId)));
    case 'LOOK':
      return async () => {
        await command(task.jobId, { laneId: task.laneId, signal: host.signal });
        return { kind: 'NONE' };
      };
    case 'REPORT':
      return async () => {
        await command(task.jobId, { command: reported(task, now()), signal: host.signal });
        return { kind: 'NONE' };
      };
    case 'RETIRE':
      return async () => {
        await retentionOf(task.jobId, { jobs, lanes, now, host }).run();
        return { kind: 'NONE' };
      };
    default:
      return task satisfies never;
  }
}

function shown(answer: Refusal | { readonly jobId: string; readonly created?: boolean }): Outcome {
  return isRefusal(answer)
    ? { kind: 'REFUSED', code: answer.code }
    : { kind: 'JOB', jobId: answer.jobId, created: answer.created ?? false };
}

/** The store says when a command has taken too long. */
function inTime<T>(host: Host, command: () => Promise<T>): Promise<T> {
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(host.signal);
  try {
    return command();
  } finally {
    timeout.mockRestore();
  }
}

function reported({ claim, ending }: Extract<Task, { kind: 'REPORT' }>, at: string): JobCommand {
  switch (ending) {
    case 'SUCCEEDS':
      return { type: 'SucceedStep', at, claim, result: claim.step === 1 ? syncResult : suggestionsResult };
    case 'FAILS':
      return { type: 'FailAttempt', at, claim, failure: unreachable, retryAt: null };
    case 'FAILS_FOR_NOW':
      return { type: 'FailAttempt', at, claim, failure: unreachable, retryAt: minutesAfter(at, 1) };
    case 'STOPS':
      return { type: 'StopStep', at, claim };
    default:
      return ending satisfies never;
  }
}

function runnerOf(id: string, { slots }: Settings, host: Host): JobCommandHandlerOptions['runner'] {
  return {
    id,
    get hasFreeSlot() {
      const isFree = host.surroundings().reservations.length < slots;
      host.saw(`free ${isFree}`);
      return isFree;
    },
    canHandOverSlot: true,
    holds: (jobId, claim) => {
      const holds = host
        .surroundings()
        .reservations.some((held) => held.jobId === jobId && isSameClaim(held.claim, claim));
      host.saw(`holds ${jobId} ${JSON.stringify(claim)} ${holds}`);
      return holds;
    },
    reserve: (jobId, claim) => {
      host.did({ kind: 'RESERVED', jobId, claim });
      return { jobId, claim };
    },
    free: ({ jobId, claim }) => {
      host.did({ kind: 'FREED', jobId, claim });
    },
  };
}

function retentionOf(
  jobId: string,
  { jobs, lanes, now, host }: Parts & { readonly now: () => string; readonly host: Host },
): Retention {
  let isDue = true;
  let isForgotten = false;
  return new Retention({
    ...{ jobs, lanes, now },
    directory: {
      caughtUpTo: () => Promise.resolve(),
      endedBefore: () => {
        const due = isDue ? [jobId] : [];
        isDue = false;
        return due;
      },
      expired: () => {
        const { hasExpired } = host.surroundings();
        host.saw(`expired ${hasExpired}`);
        return hasExpired && !isForgotten ? [jobId] : [];
      },
      referencesTo: () => {
        const { references } = host.surroundings();
        host.saw(references.join(' '));
        return references;
      },
      forget: () => {
        isForgotten = true;
      },
    },
    keepMs: 0,
    intervalMs: 1,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
}

const nothing = () => undefined;
