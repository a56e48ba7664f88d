import type { Position } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { claimOf, decide, type Claim, type JobCommand } from '../domain/decide-job.js';
import type { JobEvent } from '../domain/job-events.js';
import { evolve, isActive, type ActiveJob, type Job } from '../domain/job.js';
import { admissionOf, headOf, type Lane } from '../domain/lane.js';
import { next, wakeAt, type Situation } from '../domain/saga.js';
import type { Claimants } from './claimants.js';
import type { Clock } from './clock.js';
import { unobserved, type JobObserver } from './job-observer.js';
import { unbegun, type JobStreams, type LoadedJob } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import { releaseSettled } from './release-settled.js';
import type { Reservation, Runner } from './runner.js';

export interface JobCommandHandlerOptions {
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly runner: Pick<Runner, 'id' | 'hasFreeSlot' | 'canHandOverSlot' | 'holds' | 'reserve' | 'free'>;
  readonly claimants: Claimants;
  readonly isConfigured: (budgetId: string) => boolean;
  /** So long a job of a budget that is not configured here is left to other servers; 0 where there are none. */
  readonly unknownBudgetGraceMs: number;
  readonly maxInterruptions: number;
  /** No pause between two attempts is longer. */
  readonly longestPauseMs: number;
  readonly now: Clock;
  readonly observer?: JobObserver;
}

export interface JobCommandOptions {
  /** The lane from which the job is looked at; left out: the one that the job's first event names. */
  readonly laneId?: string;
  /** Put before the job ahead of the saga's own commands. */
  readonly command?: JobCommand;
  /** `ADMITTED`: the job was let into its lane here just now; `DOUBTED`: what is known of it may not be all. */
  readonly knowledge?: 'ADMITTED' | 'DOUBTED';
  /** Ends the repeats of an append whose outcome is unknown. */
  readonly signal: AbortSignal;
  /** The same for one that claims a step: nobody would run it where its outcome stayed unknown for ever. */
  readonly claimSignal: AbortSignal;
}

export interface Handled {
  readonly job: Job;
  /** Whether the given command changed anything. */
  readonly applied: boolean;
  /** Of the job's last event, or of a later one; null where it has none. */
  readonly position: Position | null;
  /** A step was claimed for this process's runner: whoever asked has to run it. */
  readonly claimed: {
    readonly reservation: Reservation;
    readonly job: ActiveJob;
    readonly position: Position;
    /** The trace that the job belongs to. */
    readonly origin: string | undefined;
  } | null;
  /** The runner of a step was found to be gone: its claim was interrupted. */
  readonly gone: Claim | null;
  /** The lane that the job was taken out of. */
  readonly releasedFrom: string | null;
  /** Whether a step would have been started, had there been a free slot. */
  readonly isStarved: boolean;
}

interface Decision {
  readonly job: Job;
  readonly events: readonly JobEvent[];
  readonly applied: boolean;
  readonly claim: Claim | null;
  readonly gone: Claim | null;
  readonly releases: boolean;
}

/**
 * Decides about one job at a time: a command, if given, and then whatever the saga says, up to starting a
 * step. What follows from one another goes into one append. Losing a race means reading and deciding again.
 */
export class JobCommandHandler {
  readonly #options: JobCommandHandlerOptions;

  constructor(options: JobCommandHandlerOptions) {
    this.#options = options;
  }

  /** @throws EventStoreUnavailableError, MalformedEventError */
  async handle(jobId: string, options: JobCommandOptions): Promise<Handled> {
    const handled = await this.#attempt(jobId, options);
    if (handled) return handled;
    for (;;) {
      const again = await this.#attempt(jobId, { ...options, knowledge: 'DOUBTED' });
      if (again) return again;
    }
  }

  /** @returns null where somebody else came first, or where more has to be known */
  async #attempt(jobId: string, options: JobCommandOptions): Promise<Handled | null> {
    const { lanes } = this.#options;
    const { command, knowledge, signal } = options;
    // What is known of the lane must not be older than the job's life: a job that left its lane and came back is not
    // run out of turn, since the append expects the job's revision, and that is one of this life.
    const loaded = await this.#jobAsKnown(jobId, options);
    const { job } = loaded;
    const laneId = options.laneId ?? (job.status === 'NONE' ? null : job.request.budgetId);
    const mayBeStale = knowledge !== 'DOUBTED' && command !== undefined;
    if (laneId === null) return mayBeStale ? null : { ...nothingDone, job, position: loaded.position };
    const { lane, position } =
      knowledge === 'DOUBTED'
        ? await lanes.load(laneId, signal)
        : await lanes.recall(laneId, signal, loaded.existedBy);
    try {
      const handled = await this.#handleIn(jobId, laneId, lane, loaded, options);
      const { applied, releasedFrom } = handled;
      const hasDoneNothing = !applied && releasedFrom === null && handled.position === loaded.position;
      // No append has found out whether the command really was in vain.
      if (mayBeStale && hasDoneNothing) return null;
      // What had no event and then no place in its lane began and ended in between: before the lane's last event.
      return { ...handled, position: handled.position ?? position };
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return null;
      throw error;
    }
  }

  #jobAsKnown(jobId: string, { knowledge, signal }: JobCommandOptions): Promise<LoadedJob> {
    const { jobs } = this.#options;
    switch (knowledge) {
      case 'ADMITTED':
        return Promise.resolve(unbegun());
      case 'DOUBTED':
        return jobs.load(jobId, signal);
      case undefined:
        return jobs.recall(jobId, signal);
      default:
        return knowledge satisfies never;
    }
  }

  async #handleIn(
    jobId: string,
    laneId: string,
    lane: Lane,
    loaded: LoadedJob,
    { command, signal, claimSignal }: JobCommandOptions,
  ): Promise<Handled> {
    const situate = (job: Job, hasFreeSlot: boolean) =>
      this.#situation(jobId, laneId, lane, { ...loaded, job }, hasFreeSlot);
    const { jobs, lanes, runner } = this.#options;
    // A step that succeeded leaves its slot to the job's next step.
    const hasFreeSlot = runner.hasFreeSlot || (command?.type === 'SucceedStep' && runner.canHandOverSlot);
    const decision = decideAll(loaded.job, command, (job) => next(job, situate(job, hasFreeSlot)));
    const { job, applied, claim } = decision;
    const appended = await this.#append(jobId, loaded, decision, claim ? claimSignal : signal);
    const { position, reservation, origin } = appended;
    if (decision.releases) {
      await releaseSettled(laneId, jobId, { jobs, lanes, signal });
    }
    const wanted = claim ? null : next(job, situate(job, true));
    return {
      job,
      applied,
      position,
      claimed: reservation && position && isActive(job) ? { reservation, job, position, origin } : null,
      gone: decision.gone,
      releasedFrom: decision.releases ? laneId : null,
      isStarved: !hasFreeSlot && (wanted?.type === 'StartJob' || wanted?.type === 'StartStep'),
    };
  }

  async #append(
    jobId: string,
    loaded: LoadedJob,
    { job, events, claim }: Decision,
    signal: AbortSignal,
  ): Promise<{ position: Position | null; reservation: Reservation | null; origin: string | undefined }> {
    const origin = this.#options.jobs.originOf(loaded);
    if (events.length === 0) return { position: loaded.position, reservation: null, origin };
    const reservation = claim && this.#options.runner.reserve(jobId, claim);
    try {
      const { position } = await this.#options.jobs.append(jobId, loaded.revision, events, signal);
      if (job.status !== 'NONE') (this.#options.observer ?? unobserved).recorded(jobId, job, events);
      return { position, reservation, origin };
    } catch (error) {
      if (reservation) this.#options.runner.free(reservation);
      throw error;
    }
  }

  #situation(
    jobId: string,
    laneId: string,
    lane: Lane,
    { job, claimedAt }: Pick<LoadedJob, 'job' | 'claimedAt'>,
    hasFreeSlot: boolean,
  ): Situation {
    const { runner, claimants, isConfigured, unknownBudgetGraceMs } = this.#options;
    const { maxInterruptions, longestPauseMs } = this.#options;
    const now = this.#options.now();
    const claim = claimOf(job);
    const isOthers = claim !== null && !runner.holds(jobId, claim);
    return {
      now,
      lane: {
        budgetId: laneId,
        admitted: admissionOf(lane, jobId)?.request ?? null,
        isHead: headOf(lane)?.jobId === jobId,
      },
      runner: { id: runner.id, hasFreeSlot },
      claimantIsGone: isOthers && claimedAt !== null && claimants.isGone(jobId, claim, claimedAt),
      budgetIsConfigured: isConfigured(laneId),
      othersMayKnowBudget:
        unknownBudgetGraceMs > 0 &&
        isActive(job) &&
        msBetween(wakeAt(job) ?? job.lastEventAt, now) < unknownBudgetGraceMs,
      maxInterruptions,
      longestPauseMs,
    };
  }
}

function msBetween(earlier: string, later: string): number {
  return Date.parse(later) - Date.parse(earlier);
}

const nothingDone = { applied: false, claimed: null, gone: null, releasedFrom: null, isStarved: false };

function decideAll(
  initial: Job,
  command: JobCommand | undefined,
  ask: (job: Job) => ReturnType<typeof next>,
): Decision {
  const first = command ? decide(initial, command) : [];
  const events = [...first];
  let job = first.reduce(evolve, initial);
  let gone: Claim | null = null;
  for (let answer = ask(job); answer; answer = ask(job)) {
    if (answer.type === 'ReleaseJob') {
      return { job, events, applied: first.length > 0, claim: null, gone, releases: true };
    }
    const decided = decide(job, answer);
    if (answer.type === 'InterruptStep') gone = answer.claim;
    if (decided.length === 0) throw new RangeError(`The saga asked for ${answer.type} in vain`);
    events.push(...decided);
    job = decided.reduce(evolve, job);
    // From here on it is the runner's turn.
    if (answer.type === 'StartStep') break;
  }
  const claim = events.some(({ type }) => type === 'StepStarted') ? claimOf(job) : null;
  return { job, events, applied: first.length > 0, claim, gone, releases: false };
}
