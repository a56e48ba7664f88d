import type { Position } from '../eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { decide, type Claim, type JobCommand } from '../domain/decide-job.js';
import type { JobEvent } from '../domain/job-events.js';
import { currentStep, evolve, isActive, isSettledIn, type ActiveJob, type Job } from '../domain/job.js';
import { admissionOf, headOf, type Lane } from '../domain/lane.js';
import { next, type Situation } from '../domain/saga.js';
import type { Clock } from './clock.js';
import type { JobStreams, LoadedJob } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import type { Reservation, Runner } from './runner.js';

export interface JobCommandHandlerOptions {
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly runner: Pick<Runner, 'id' | 'hasFreeSlot' | 'canHandOverSlot' | 'holds' | 'reserve' | 'free'>;
  readonly isConfigured: (budgetId: string) => boolean;
  readonly maxInterruptions: number;
  readonly now: Clock;
}

export interface JobCommandOptions {
  /** The lane from which the job is looked at; left out: the one that the job's first event names. */
  readonly laneId?: string;
  /** Put before the job ahead of the saga's own commands. */
  readonly command?: JobCommand;
  /** Ends the repeats of an append whose outcome is unknown. */
  readonly signal: AbortSignal;
}

export interface Handled {
  readonly job: Job;
  /** Whether the given command changed anything. */
  readonly applied: boolean;
  /** Of the job's last event, or of a later one; null where it has none. */
  readonly position: Position | null;
  /** A step was claimed for this process's runner: whoever asked has to run it. */
  readonly claimed: { readonly reservation: Reservation; readonly job: ActiveJob } | null;
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
    for (;;) {
      // First the job, then the lane: a job that left its lane and came back is not run out of turn, since
      // the append expects the job's revision from before the lane was read.
      const loaded = await this.#options.jobs.load(jobId, options.signal);
      const { job } = loaded;
      const laneId = options.laneId ?? (job.status === 'NONE' ? null : job.request.budgetId);
      if (laneId === null) return { ...nothingDone, job, position: loaded.position };
      const { lane, position } = await this.#options.lanes.load(laneId, options.signal);
      try {
        const handled = await this.#handleIn(jobId, laneId, lane, loaded, options);
        // What had no event and then no place in its lane began and ended in between: before the lane's last event.
        return { ...handled, position: handled.position ?? position };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevisionError)) throw error;
      }
    }
  }

  async #handleIn(
    jobId: string,
    laneId: string,
    lane: Lane,
    loaded: LoadedJob,
    { command, signal }: JobCommandOptions,
  ): Promise<Handled> {
    const situate = (job: Job, hasFreeSlot: boolean) =>
      this.#situation(jobId, laneId, lane, job, hasFreeSlot);
    const { jobs, lanes, runner } = this.#options;
    // A step that succeeded leaves its slot to the job's next step.
    const hasFreeSlot = runner.hasFreeSlot || (command?.type === 'SucceedStep' && runner.canHandOverSlot);
    const decision = decideAll(loaded.job, command, (job) => next(job, situate(job, hasFreeSlot)));
    const { job, applied, claim } = decision;
    const { position, reservation } = await this.#append(jobId, loaded, decision, signal);
    if (decision.releases) {
      const isSettled = async () => isSettledIn(laneId, (await jobs.load(jobId, signal)).job);
      await lanes.release(laneId, jobId, { isSettled, signal });
    }
    const wanted = claim ? null : next(job, situate(job, true));
    return {
      job,
      applied,
      position,
      claimed: reservation && isActive(job) ? { reservation, job } : null,
      releasedFrom: decision.releases ? laneId : null,
      isStarved: !hasFreeSlot && (wanted?.type === 'StartJob' || wanted?.type === 'StartStep'),
    };
  }

  async #append(
    jobId: string,
    loaded: LoadedJob,
    { events, claim }: Decision,
    signal: AbortSignal,
  ): Promise<{ position: Position | null; reservation: Reservation | null }> {
    if (events.length === 0) return { position: loaded.position, reservation: null };
    const reservation = claim && this.#options.runner.reserve(jobId, claim);
    try {
      const { position } = await this.#options.jobs.append(jobId, loaded.revision, events, signal);
      return { position, reservation };
    } catch (error) {
      if (reservation) this.#options.runner.free(reservation);
      throw error;
    }
  }

  #situation(jobId: string, laneId: string, lane: Lane, job: Job, hasFreeSlot: boolean): Situation {
    const { runner, now, isConfigured, maxInterruptions } = this.#options;
    const claim = claimOf(job);
    return {
      now: now(),
      lane: {
        budgetId: laneId,
        admitted: admissionOf(lane, jobId)?.request ?? null,
        isHead: headOf(lane)?.jobId === jobId,
      },
      runner: { id: runner.id, hasFreeSlot },
      // With one process for one store, whatever this process does not hold is a former life's.
      claimantIsGone: claim !== null && !runner.holds(jobId, claim),
      budgetIsConfigured: isConfigured(laneId),
      maxInterruptions,
    };
  }
}

const nothingDone = { applied: false, claimed: null, releasedFrom: null, isStarved: false };

function decideAll(
  initial: Job,
  command: JobCommand | undefined,
  ask: (job: Job) => ReturnType<typeof next>,
): Decision {
  const first = command ? decide(initial, command) : [];
  const events = [...first];
  let job = first.reduce(evolve, initial);
  for (let answer = ask(job); answer; answer = ask(job)) {
    if (answer.type === 'ReleaseJob') {
      return { job, events, applied: first.length > 0, claim: null, releases: true };
    }
    const decided = decide(job, answer);
    if (decided.length === 0) throw new RangeError(`The saga asked for ${answer.type} in vain`);
    events.push(...decided);
    job = decided.reduce(evolve, job);
    // From here on it is the runner's turn.
    if (answer.type === 'StartStep') break;
  }
  const claim = events.some(({ type }) => type === 'StepStarted') ? claimOf(job) : null;
  return { job, events, applied: first.length > 0, claim, releases: false };
}

/** The claim under which the job's current step runs. */
function claimOf(job: Job): Claim | null {
  const step = isActive(job) ? currentStep(job) : undefined;
  return step?.status === 'RUNNING'
    ? { step: step.step, attempt: step.attempt, runnerId: step.runnerId }
    : null;
}
