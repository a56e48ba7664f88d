import { setMaxListeners } from 'node:events';
import { v5 as uuidFrom } from 'uuid';
import type { Position } from '../eventstore/event-store.js';
import { EventStoreUnavailableError, WrongExpectedRevisionError } from '../eventstore/event-store-errors.js';
import { carryOver } from '../domain/carry-over.js';
import { decide } from '../domain/decide-job.js';
import { isActive, isSettledIn, type ExistingJob, type Job } from '../domain/job.js';
import { isSameRequest, type JobRequest } from '../domain/job-request.js';
import { admissionOf, decideAdmission, type ConflictPolicy, type Lane } from '../domain/lane.js';
import type { Clock } from './clock.js';
import type { JobDirectory } from './job-directory.js';
import type { JobStreams } from './job-streams.js';
import type { LaneStreams } from './lane-streams.js';
import { isRefusal, refusal, type Refusal } from './refusal.js';
import { releaseSettled } from './release-settled.js';
import type { RequestChecker, StartJobInput } from './request-checker.js';
import type { SagaHost } from './saga-host.js';
import { untraced, type Tracer } from './tracer.js';

export interface JobServiceOptions {
  readonly jobs: JobStreams;
  readonly lanes: LaneStreams;
  readonly sagaHost: Pick<SagaHost, 'adopt' | 'command' | 'lookAtLane'>;
  readonly checker: RequestChecker;
  readonly directory: Pick<JobDirectory, 'caughtUpTo' | 'countActive' | 'isOfAnother'>;
  /** How many jobs of one owner may be active at a time. */
  readonly maxActiveJobs: number;
  /** A command whose outcome is not known by then is answered as such. */
  readonly commandTimeoutMs: number;
  readonly now: Clock;
  /** A random one, for a start without an idempotency key and for a retry. */
  readonly newJobId: () => string;
  readonly tracer?: Tracer;
}

export interface StartedJob {
  readonly jobId: string;
  /** False where an earlier job answers the request. */
  readonly created: boolean;
}

/** A job that is in its lane and has no first event yet. */
interface Admitted {
  readonly jobId: string;
  readonly request: JobRequest;
  /** Of its admission. */
  readonly position: Position;
  /** Gives its place under the owner's cap back; harmless when repeated. */
  readonly free: () => void;
  readonly signal: AbortSignal;
}

/** Ids of jobs that were started with an idempotency key are derived in this namespace. */
const keyNamespace = '5a0c1d5e-7a53-4f0f-9d6c-3a4f6f1f2b8e';

/**
 * What a user can do with jobs. Answers only when what it answers is durable and shown by queries.
 *
 * Every method throws `EventStoreUnavailableError` where the outcome is unknown; asking again is harmless
 * for `cancel`, for a start with an idempotency key, and for any other start with the policy
 * `RETURN_EXISTING`.
 */
export class JobService {
  readonly #options: JobServiceOptions;
  /** Admissions that the read side does not count yet. */
  readonly #underWay = new Set<{ readonly ownerId: string }>();
  /** Each answers a command that waits, as one whose outcome is unknown. */
  readonly #givingUp = new Set<() => void>();

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  start(ownerId: string, input: StartJobInput): Promise<StartedJob | Refusal> {
    return this.#inTime('startJob', async (signal) => {
      const request = await this.#options.checker.check(ownerId, input);
      if (isRefusal(request)) return request;
      const { idempotencyKey: key, onConflict } = input;
      return key === undefined
        ? this.#admit(this.#options.newJobId(), request, onConflict, signal)
        : this.#startByKey(idOfKey(ownerId, key), request, onConflict, signal);
    });
  }

  /** Starts a new job that goes on where a failed or canceled one ended. */
  retry(ownerId: string, jobId: string): Promise<StartedJob | Refusal> {
    return this.#inTime('retryJob', (signal) => this.#retry(ownerId, jobId, signal));
  }

  /** Cancels a job, at once or as soon as its running step has stopped; an ended job stays as it is. */
  cancel(ownerId: string, jobId: string): Promise<{ readonly jobId: string } | Refusal> {
    return this.#inTime('cancelJob', (signal) => this.#cancel(ownerId, jobId, signal));
  }

  /** Answers whoever still waits: the process is about to end. */
  giveUp(): void {
    for (const giveUp of this.#givingUp) giveUp();
  }

  async #retry(ownerId: string, jobId: string, signal: AbortSignal): Promise<StartedJob | Refusal> {
    const job = await this.#loadOwn(ownerId, jobId, signal);
    if (!job) return jobNotFound;
    if (job.status !== 'FAILED' && job.status !== 'CANCELED') {
      return refusal('JOB_NOT_RETRYABLE', 'Only a job that failed or was canceled can be retried.');
    }
    const refused = this.#options.checker.checkBudget(ownerId, job.request.budgetId);
    if (refused) return refused;
    const plan = carryOver(job);
    const { type, budgetId, input } = job.request;
    const request = { type, ownerId, budgetId, input, plan, retryOf: jobId };
    return this.#admit(this.#options.newJobId(), request, 'RETURN_EXISTING', signal);
  }

  async #cancel(
    ownerId: string,
    jobId: string,
    signal: AbortSignal,
  ): Promise<{ readonly jobId: string } | Refusal> {
    if (!(await this.#loadOwn(ownerId, jobId, signal))) return jobNotFound;
    const command = { type: 'RequestCancel', at: this.#options.now(), by: ownerId } as const;
    const handled = await this.#options.sagaHost.command(jobId, { command, signal });
    // Removed since, or not seen by the second look: nothing was canceled.
    if (!isOwn(handled.job, ownerId)) return jobNotFound;
    await this.#shown(handled.position);
    return { jobId };
  }

  /** Null where there is no such job. One of somebody else takes as long: a stream is read then that does not exist. */
  async #loadOwn(ownerId: string, jobId: string, signal: AbortSignal): Promise<ExistingJob | null> {
    const { jobs, directory } = this.#options;
    const { job } = await jobs.load(directory.isOfAnother(ownerId, jobId) ? nobodys : jobId, signal);
    return isOwn(job, ownerId) ? job : null;
  }

  /** @param jobId follows from the key, so that the same key always gives the same job */
  async #startByKey(
    jobId: string,
    request: JobRequest,
    onConflict: ConflictPolicy,
    signal: AbortSignal,
  ): Promise<StartedJob | Refusal> {
    for (;;) {
      const { job, revision, position } = await this.#options.jobs.load(jobId, signal);
      const kept = await this.#kept(job, signal);
      if (kept) return this.#answerForKey(jobId, kept, request, position);
      // The key is free again as soon as its job is not kept any longer.
      if (revision !== 'no-stream' && !(await this.#deleted(jobId, revision, signal))) continue;
      const started = await this.#admit(jobId, request, onConflict, signal);
      if (isRefusal(started) || started.jobId === jobId) return started;
      // Another job answers: it does so whenever the key comes again, whatever becomes of that job.
      if (await this.#referred(jobId, request, started.jobId, signal)) return started;
    }
  }

  /** What a key's id stands for; null where it stands for nothing, or no longer. */
  async #kept(job: Job, signal: AbortSignal): Promise<ExistingJob | null> {
    if (job.status === 'REFERRED') {
      const { job: target } = await this.#options.jobs.load(job.to, signal);
      return (await this.#kept(target, signal)) && job;
    }
    return job.status === 'NONE' || job.status === 'EXPIRED' ? null : job;
  }

  /** False where somebody else has used the id meanwhile. */
  async #referred(id: string, request: JobRequest, to: string, signal: AbortSignal): Promise<boolean> {
    const { jobs, now } = this.#options;
    const events = decide({ status: 'NONE' }, { type: 'ReferStart', at: now(), request, to });
    try {
      await jobs.append(id, 'no-stream', events, signal);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return false;
      throw error;
    }
  }

  /** False where somebody else has used the id again. */
  async #deleted(jobId: string, revision: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.jobs.delete(jobId, revision, signal);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) return false;
      throw error;
    }
  }

  async #admit(
    jobId: string,
    request: JobRequest,
    onConflict: ConflictPolicy,
    signal: AbortSignal,
  ): Promise<StartedJob | Refusal> {
    for (;;) {
      const attempt = () => this.#tryToAdmit(jobId, request, onConflict, signal);
      const outcome = await this.#options.lanes.inTurn(request.budgetId, attempt);
      switch (outcome.kind) {
        case 'RACE_LOST':
          break;
        case 'REFUSED':
          return outcome.refusal;
        case 'EXISTING':
          return this.#answerExisting(outcome.jobId, outcome.lane, request, jobId, signal);
        case 'REJECTED':
          await this.#show(outcome.jobId, request.budgetId, signal);
          return refusal('JOB_ALREADY_ACTIVE', 'This job is already active.', { jobId: outcome.jobId });
        case 'ADMITTED':
          try {
            return await this.#queue({ jobId, request, signal, ...outcome });
          } finally {
            outcome.free();
          }
        default:
          outcome satisfies never;
      }
    }
  }

  async #tryToAdmit(
    jobId: string,
    request: JobRequest,
    onConflict: ConflictPolicy,
    signal: AbortSignal,
  ): Promise<Admission> {
    const { lanes, now } = this.#options;
    const { budgetId, ownerId } = request;
    const decideIn = async (lane: Lane) => {
      const settledJobIds = await this.#settledAmong(lane, jobId, request, signal);
      return decideAdmission(lane, { at: now(), jobId, request, onConflict, settledJobIds });
    };
    let { lane, revision } = await lanes.recall(budgetId, signal);
    let decision = await decideIn(lane);
    if (decision.outcome !== 'ADMITTED') {
      // No append finds out whether it is still so.
      ({ lane, revision } = await lanes.load(budgetId, signal));
      decision = await decideIn(lane);
    }
    if (decision.outcome !== 'ADMITTED') return { kind: decision.outcome, jobId: decision.jobId, lane };
    const free = this.#occupy(ownerId);
    if (!free) return { kind: 'REFUSED', refusal: this.#tooMany() };
    try {
      const { position } = await lanes.append(budgetId, revision, decision.events, signal);
      return { kind: 'ADMITTED', position, free };
    } catch (error) {
      free();
      if (error instanceof WrongExpectedRevisionError) return { kind: 'RACE_LOST' };
      throw error;
    }
  }

  /** Of the jobs in the lane that could answer the request, those that have ended or belong elsewhere. */
  async #settledAmong(
    lane: Lane,
    jobId: string,
    request: JobRequest,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const candidates = lane.admissions.filter(
      (admission) => admission.jobId === jobId || isSameRequest(admission.request, request),
    );
    const loaded = await Promise.all(
      candidates.map(async (admission) => ({
        jobId: admission.jobId,
        job: (await this.#options.jobs.load(admission.jobId, signal)).job,
      })),
    );
    return loaded.filter(({ job }) => isSettledIn(request.budgetId, job)).map((settled) => settled.jobId);
  }

  /** Writes the first event of a job that was just admitted. */
  async #queue(admission: Admitted): Promise<StartedJob | Refusal> {
    const { jobs, lanes, sagaHost, now } = this.#options;
    const { jobId, request, signal } = admission;
    const { budgetId } = request;
    sagaHost.adopt(jobId);
    const command = { type: 'QueueJob', at: now(), request } as const;
    const queued = await sagaHost.command(jobId, {
      ...{ command, laneId: budgetId, signal },
      knowledge: 'ADMITTED',
    });
    if (queued.applied && queued.position !== null) {
      this.#freeOnceCounted(admission, queued.position);
      await this.#shown(queued.position);
      return { jobId, created: true };
    }
    const { job, since, position } = await jobs.load(jobId, signal);
    if (job.status === 'NONE' || since === null || position === null) return this.#queue(admission);
    // Queued meanwhile from the admission, by whoever saw it first?
    const isRepaired = isActive(job) || (job.status !== 'REFERRED' && since > admission.position);
    if (!isRepaired || !isSameRequest(job.request, request)) {
      // The key belongs to a job that ended since we looked, or to another budget's.
      await releaseSettled(budgetId, jobId, { jobs, lanes, signal });
      sagaHost.lookAtLane(budgetId);
      return this.#answerForKey(jobId, job, request, position);
    }
    this.#freeOnceCounted(admission, position);
    await this.#show(jobId, budgetId, signal);
    return { jobId, created: true };
  }

  /** A job that is in the lane already. */
  async #answerExisting(
    jobId: string,
    lane: Lane,
    request: JobRequest,
    ownId: string,
    signal: AbortSignal,
  ): Promise<StartedJob | Refusal> {
    const admitted = admissionOf(lane, jobId)?.request;
    if (jobId === ownId && admitted && !isSameRequest(admitted, request)) return keyReused;
    await this.#show(jobId, request.budgetId, signal);
    return { jobId, created: false };
  }

  /** Asks the saga, which writes the job's first event if a crash came before it, and waits until it is shown. */
  async #show(jobId: string, laneId: string, signal: AbortSignal): Promise<void> {
    const { position } = await this.#options.sagaHost.command(jobId, { signal, laneId });
    await this.#shown(position);
  }

  async #answerForKey(
    jobId: string,
    job: ExistingJob,
    request: JobRequest,
    position: Position | null,
  ): Promise<StartedJob | Refusal> {
    if (!isSameRequest(job.request, request)) return keyReused;
    await this.#shown(position);
    return { jobId: job.status === 'REFERRED' ? job.to : jobId, created: false };
  }

  /** Counts an admission against the owner's cap until the read side does; null where the cap is reached. */
  #occupy(ownerId: string): (() => void) | null {
    const underWay = [...this.#underWay].filter((admission) => admission.ownerId === ownerId).length;
    if (this.#options.directory.countActive(ownerId) + underWay >= this.#options.maxActiveJobs) return null;
    const occupied = { ownerId };
    this.#underWay.add(occupied);
    return () => this.#underWay.delete(occupied);
  }

  /** Counted twice, a job would take another one's place under the cap. */
  #freeOnceCounted({ free }: Admitted, position: Position): void {
    // Where the read side has stopped, the place is given back with the answer.
    this.#options.directory.caughtUpTo(position).then(free, () => undefined);
  }

  #tooMany(): Refusal {
    const { maxActiveJobs } = this.#options;
    return refusal(
      'TOO_MANY_JOBS',
      `You already have ${maxActiveJobs} active jobs; wait for one to end, or cancel one.`,
    );
  }

  async #shown(position: Position | null): Promise<void> {
    if (position !== null) await this.#options.directory.caughtUpTo(position);
  }

  /** @throws EventStoreUnavailableError where it takes too long: it may still be done */
  #inTime<T extends { readonly jobId?: string }>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const command = new AbortController();
    const { signal } = command;
    // It looks at many jobs at once, each of which may have to wait for the store.
    setMaxListeners(0, signal);
    const giveUp = () => command.abort();
    AbortSignal.timeout(this.#options.commandTimeoutMs).addEventListener('abort', giveUp, { once: true });
    const overdue = new Promise<never>((_resolve, reject) => {
      const answer = () => reject(new EventStoreUnavailableError('A command took too long'));
      signal.addEventListener('abort', answer, { once: true });
    });
    this.#givingUp.add(giveUp);
    const { tracer = untraced } = this.#options;
    return tracer
      .span(name, {}, async (span) => {
        const outcome = await Promise.race([work(signal), overdue]);
        if (outcome.jobId !== undefined) span.set({ 'job.id': outcome.jobId });
        if (isRefusal(outcome)) span.failed(outcome.code);
        return outcome;
      })
      .finally(() => this.#givingUp.delete(giveUp));
  }
}

/** How an attempt to let a job into its lane ended. */
type Admission =
  | { readonly kind: 'ADMITTED'; readonly position: Position; readonly free: () => void }
  | { readonly kind: 'EXISTING' | 'REJECTED'; readonly jobId: string; readonly lane: Lane }
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal }
  | { readonly kind: 'RACE_LOST' };

function idOfKey(ownerId: string, key: string): string {
  return uuidFrom(JSON.stringify([ownerId, key]), keyNamespace);
}

/** The id of no job: it is none of those that are given. */
const nobodys = '00000000-0000-0000-0000-000000000000';
const jobNotFound = refusal('JOB_NOT_FOUND', 'There is no such job.');
const keyReused = refusal(
  'IDEMPOTENCY_KEY_REUSED',
  'This idempotency key was already used for a different request.',
);

function isOwn(job: Job, ownerId: string): job is ExistingJob {
  const isNoJob = job.status === 'NONE' || job.status === 'EXPIRED' || job.status === 'REFERRED';
  return !isNoJob && job.request.ownerId === ownerId;
}
