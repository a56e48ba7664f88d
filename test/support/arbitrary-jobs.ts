import fc from 'fast-check';
import { decide, type JobCommand } from '../../src/domain/decide-job.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import { currentStep, evolve, isActive, noJob, type Job } from '../../src/domain/job.js';
import type { Situation } from '../../src/domain/saga.js';
import {
  answers,
  budget,
  combinedRequest,
  minutesAfter,
  now,
  runner,
  suggestionsResult,
  syncResult,
  unreachable,
} from './job-history.js';

/** Instants around `now`, in no order: clocks differ and go back. */
export const anyInstant = fc.integer({ min: -10, max: 30 }).map((minutes) => minutesAfter(now, minutes));

const anyCarried = fc.constantFrom(
  undefined,
  undefined,
  { progress: [answers(1)] },
  { result: syncResult, progress: [] },
);

/** Plans of one step or more, some of which an earlier job has carried out, all or in part. */
export const anyRequest: fc.Arbitrary<JobRequest> = fc
  .array(anyCarried, { minLength: 1, maxLength: 3 })
  .map((all) => ({
    ...combinedRequest,
    plan: all.map((carried, index) => ({ step: index + 1, type: 'ANY', ...(carried && { carried }) })),
  }));

/** What somebody wants of a job, whether or not it fits. */
export interface Intent {
  readonly type: JobCommand['type'];
  readonly at: string;
  /** Whether step and attempt are those that are current; otherwise the ones below. */
  readonly fits: boolean;
  readonly step: number;
  readonly attempt: number;
  readonly runnerId: string;
  readonly retryAt: string | null;
}

const often: readonly JobCommand['type'][] = [
  'StartJob',
  'StartStep',
  'StartStep',
  'SucceedStep',
  'AdvanceStep',
];
const types: readonly JobCommand['type'][] = [
  ...([
    'QueueJob',
    'ReferStart',
    'FailAttempt',
    'InterruptStep',
    'StopStep',
    'FailStep',
    'RequestCancel',
  ] as const),
  ...(['CompleteJob', 'FailJob', 'CancelJob', 'ExpireJob'] as const),
];

const anyIntent: fc.Arbitrary<Intent> = fc.record({
  type: fc.constantFrom(...often, ...often, ...types),
  at: anyInstant,
  fits: fc.constantFrom(true, true, true, false),
  step: fc.integer({ min: 1, max: 3 }),
  attempt: fc.integer({ min: 1, max: 3 }),
  runnerId: fc.constantFrom(runner, 'runner-2'),
  retryAt: fc.option(anyInstant),
});

const anyIntents = fc.array(anyIntent, { maxLength: 40, size: 'max' });

/** The command that an intent comes to, put before this very job. */
function commandFor(job: Job, intent: Intent, request: JobRequest): JobCommand {
  const { at, retryAt } = intent;
  const current = intent.fits && isActive(job) ? currentStep(job) : undefined;
  const step = current?.step ?? intent.step;
  const claim = {
    step,
    attempt: current?.attempt ?? intent.attempt,
    runnerId: current?.status === 'RUNNING' ? current.runnerId : intent.runnerId,
  };
  const batch = current ? current.progress.length + 1 : intent.attempt;
  const commands: { readonly [T in JobCommand['type']]: Extract<JobCommand, { type: T }> } = {
    QueueJob: { type: 'QueueJob', at, request },
    ReferStart: { type: 'ReferStart', at, request, to: 'job-b' },
    StartJob: { type: 'StartJob', at },
    StartStep: { type: 'StartStep', at, step, runnerId: intent.runnerId },
    AdvanceStep: { type: 'AdvanceStep', at, claim, progress: answers(batch) },
    SucceedStep: { type: 'SucceedStep', at, claim, result: suggestionsResult },
    FailAttempt: { type: 'FailAttempt', at, claim, failure: unreachable, retryAt },
    StopStep: { type: 'StopStep', at, claim },
    InterruptStep: { type: 'InterruptStep', at, claim },
    FailStep: { type: 'FailStep', at, step, failure: unreachable },
    RequestCancel: { type: 'RequestCancel', at, by: 'anna' },
    CompleteJob: { type: 'CompleteJob', at },
    FailJob: { type: 'FailJob', at },
    CancelJob: { type: 'CancelJob', at },
    ExpireJob: { type: 'ExpireJob', at },
  };
  return commands[intent.type];
}

/** One command, and what it made of a job. */
export interface Turn {
  readonly before: Job;
  readonly command: JobCommand;
  readonly events: readonly JobEvent[];
  readonly after: Job;
}

/** A job that is queued, and then put through all of it. */
function turnsOf(request: JobRequest, intents: readonly Intent[]): readonly Turn[] {
  const queue = turn(noJob, { type: 'QueueJob', at: now, request });
  return intents.reduce<readonly Turn[]>(
    (turns, intent) => {
      const before = turns.at(-1)?.after ?? noJob;
      return [...turns, turn(before, commandFor(before, intent, request))];
    },
    [queue],
  );
}

function turn(before: Job, command: JobCommand): Turn {
  const events = decide(before, command);
  return { before, command, events, after: events.reduce(evolve, before) };
}

/** Every history that commands can bring about, and many that only a strange world does. */
export const anyTurns = fc
  .tuple(anyRequest, anyIntents)
  .map(([request, intents]) => turnsOf(request, intents));

export const anyHistory = anyTurns.map((turns) => turns.flatMap(({ events }) => events));

export const anySituation: fc.Arbitrary<Situation> = fc.record({
  now: anyInstant,
  lane: fc.record({
    budgetId: fc.constantFrom(budget, budget, budget, 'business'),
    admitted: fc.constantFrom(combinedRequest, combinedRequest, null),
    isHead: fc.boolean(),
  }),
  runner: fc.record({ id: fc.constantFrom(runner, 'runner-2'), hasFreeSlot: fc.boolean() }),
  claimantIsGone: fc.boolean(),
  budgetIsConfigured: fc.boolean(),
  othersMayKnowBudget: fc.boolean(),
  maxInterruptions: fc.integer({ min: 0, max: 3 }),
  longestPauseMs: fc.integer({ min: 0, max: 7_200_000 }),
});
