import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, JobCommand } from '../domain/decide-job.js';
import { failure, type Failure } from '../domain/failure.js';
import type { ActiveJob } from '../domain/job.js';
import { halvesOf, type StepProgress } from '../domain/step-outcome.js';
import type { Position } from '../eventstore/event-store.js';
import { AppendTooLargeError } from '../eventstore/event-store-errors.js';
import type { Clock } from './clock.js';
import { unobserved, type AttemptEnd, type JobObserver } from './job-observer.js';
import type { Logger } from './logger.js';
import { retryAt, withLongWait, type RetryPolicy } from './retry-policy.js';
import { settledOrOverdue } from './settled-or-overdue.js';
import { StepFailedError, type StepHandler } from './step-handler.js';
import { untraced, type Tracer } from './tracer.js';

export interface RunnerOptions {
  /** Kept over restarts, so that the claims of a former life are known as one's own. */
  readonly id: string;
  /** How many steps run at a time. */
  readonly slots: number;
  readonly handlers: ReadonlyMap<string, StepHandler>;
  readonly retryPolicy: RetryPolicy;
  /** How long a step that was told to stop may take before it is left to itself. */
  readonly stopGraceMs: number;
  readonly now: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly observer?: JobObserver;
  readonly tracer?: Tracer;
}

/** Appends what the runner has to say under its claim; false where the claim is no longer the current one. */
export type Report = (command: JobCommand) => Promise<boolean>;

/** Holds a slot and a claim, from before the claim is appended until its last report is. */
export interface Reservation {
  readonly jobId: string;
  readonly claim: Claim;
}

type StopReason = 'CANCEL' | 'DEADLINE' | 'SHUTDOWN' | 'CLAIM_LOST';

/** What a reservation is used for. */
interface Use {
  /** Tells the step to stop, be it before its claim is known to be appended. */
  readonly stop: AbortController;
  /** Of the claim's event, as soon as that is known to be appended. */
  claimedAt: Position | null;
}

/** What is known of a step that is to be carried out. */
export interface ClaimedStep {
  readonly reservation: Reservation;
  readonly job: ActiveJob;
  /** Of the claim's event. */
  readonly claimedAt: Position;
  /** The trace that the job belongs to; undefined where nobody traces it. */
  readonly origin: string | undefined;
  readonly report: Report;
}

/** One attempt of a step as it is carried out. */
interface Attempt {
  readonly reservation: Reservation;
  readonly job: ActiveJob;
  readonly report: Report;
  readonly stop: AbortController;
}

/** Executes steps under claims, as many at a time as it has slots. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #reservations = new Map<Reservation, Use>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  get slots(): number {
    return this.#options.slots;
  }

  /** How many slots are taken. */
  get busySlots(): number {
    return this.#reservations.size;
  }

  get hasFreeSlot(): boolean {
    return !this.#isStopped && this.#reservations.size < this.#options.slots;
  }

  /** Whether a step whose end is being reported can leave its slot to the next one. */
  get canHandOverSlot(): boolean {
    return !this.#isStopped;
  }

  /** Whether it starts nothing any more: its server is ending. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  get holdsClaims(): boolean {
    return this.#reservations.size > 0;
  }

  /** Whether a step of the job runs here, or is about to. */
  isAtWorkOn(jobId: string): boolean {
    return [...this.#reservations.keys()].some((held) => held.jobId === jobId);
  }

  /** Whether this very process is at work on the claim, or about to be. */
  holds(jobId: string, claim: Claim): boolean {
    return [...this.#reservations.keys()].some(
      (held) => held.jobId === jobId && isSameClaim(held.claim, claim),
    );
  }

  /**
   * Must come before the claim is appended: whoever sees the appended claim asks `holds`. Two attempts to
   * append one claim hold a reservation each, so that the loser's `free` does not touch the winner's.
   */
  reserve(jobId: string, claim: Claim): Reservation {
    const reservation = { jobId, claim };
    this.#reservations.set(reservation, { stop: new AbortController(), claimedAt: null });
    return reservation;
  }

  free(reservation: Reservation): void {
    this.#reservations.delete(reservation);
  }

  /** Carries out the step of a claim that was appended; resolves when it is over and its slot is free. */
  run({ reservation, job, claimedAt, origin, report }: ClaimedStep): Promise<void> {
    const use = this.#reservations.get(reservation);
    if (!use) throw new RangeError('A step needs a reservation that is not used up');
    use.claimedAt = claimedAt;
    const done = this.#observed({ reservation, job, report, stop: use.stop }, origin).finally(() => {
      this.#running.delete(done);
      this.free(reservation);
    });
    this.#running.add(done);
    return done;
  }

  /** Tells the job's step, if it runs here or is about to, to stop. */
  cancel(jobId: string): void {
    for (const [reservation, { stop }] of this.#reservations) {
      if (reservation.jobId === jobId) stop.abort('CANCEL' satisfies StopReason);
    }
  }

  /**
   * Stops what runs here for the job under another claim than its current one: somebody took this runner for gone.
   *
   * @param upTo of the job's last event that was looked at: a claim that came later is not judged by it
   */
  stopLost(jobId: string, current: Claim | null, upTo: Position): void {
    for (const [reservation, { stop, claimedAt }] of this.#reservations) {
      if (reservation.jobId !== jobId || claimedAt === null || claimedAt > upTo) continue;
      if (!current || !isSameClaim(reservation.claim, current)) stop.abort('CLAIM_LOST' satisfies StopReason);
    }
  }

  /** Starts nothing any more; resolves when what runs has ended, or after so long (milliseconds). */
  async drain(graceMs: number): Promise<void> {
    this.#isStopped = true;
    const over = new AbortController();
    const grace = pause(graceMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([grace, Promise.all(this.#running)]);
    over.abort();
  }

  /**
   * Stops all steps and gives their claims up, so that others can go on at once; where that cannot be told, they
   * are interrupted by the next life of this runner. Nothing is started any more.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { stop } of this.#reservations.values()) stop.abort('SHUTDOWN' satisfies StopReason);
    await Promise.all(this.#running);
  }

  async #observed(attempt: Attempt, origin: string | undefined): Promise<void> {
    const { observer = unobserved, tracer = untraced, log } = this.#options;
    const { reservation, job } = attempt;
    const { jobId, claim } = reservation;
    const begunAt = performance.now();
    const stepType = stepOf(job, claim)?.type ?? '';
    const { step, attempt: number } = claim;
    const attributes = {
      'job.id': jobId,
      'job.type': job.request.type,
      'job.step': step,
      'job.attempt': number,
    };
    await tracer.span(`step ${stepType}`, { origin, attributes }, async (span) => {
      const end = await this.#attempt(attempt).catch((error: unknown): AttemptEnd => {
        log.error({ err: error, ...aboutStep(reservation, job) }, 'A step could not report how it ended');
        return 'LOST';
      });
      span.set({ 'job.attempt.end': end });
      if (end === 'FAILED' || end === 'RETRIED' || end === 'LOST') span.failed(end);
      const durationMs = performance.now() - begunAt;
      const { ownerId } = job.request;
      observer.attempted({ jobId, ownerId, step, stepType, attempt: number, end, durationMs });
    });
  }

  async #attempt({ reservation, job, report, stop }: Attempt): Promise<AttemptEnd> {
    const { jobId, claim } = reservation;
    const about = aboutStep(reservation, job);
    const { handlers, stopGraceMs, now, log } = this.#options;
    const step = stepOf(job, claim);
    const handler = step && handlers.get(step.type);
    if (!handler) {
      log.error({ ...about, type: step?.type }, 'A plan holds a step that this version does not know');
      return this.#reportFailure(report, { claim, at: now(), why: failure('INTERNAL'), again: null });
    }
    const deadline = setTimeout(() => {
      stop.abort('DEADLINE' satisfies StopReason);
    }, handler.deadlineMs);
    let batches = step.progress.length;
    const advance = async (progress: Omit<StepProgress, 'batch'>): Promise<void> => {
      stop.signal.throwIfAborted();
      const command = {
        type: 'AdvanceStep',
        at: now(),
        claim,
        progress: { ...progress, batch: batches + 1 },
      } as const;
      try {
        if (!(await report(command))) stop.abort('CLAIM_LOST' satisfies StopReason);
        batches += 1;
      } catch (error) {
        const halves = error instanceof AppendTooLargeError ? halvesOf(progress) : null;
        if (!halves) throw error;
        for (const half of halves) await advance(half);
      }
      stop.signal.throwIfAborted();
    };
    const context = {
      jobId,
      ownerId: job.request.ownerId,
      budgetId: job.request.budgetId,
      input: job.request.input,
      attempt: claim.attempt,
      progress: step.progress,
      signal: stop.signal,
      isFinal: (error: StepFailedError) => this.#retryAt(error, step.failedAttempts, now()) === null,
      advance,
    };
    try {
      // It may have been told to stop before the claim was known to be appended.
      stop.signal.throwIfAborted();
      const result = await settledOrOverdue(handler.run(context), stop.signal, stopGraceMs);
      const applied = await report({ type: 'SucceedStep', at: now(), claim, result });
      if (applied) return 'SUCCEEDED';
      log.warn(about, 'A step ended after its claim was lost; its result was dropped');
      return 'LOST';
    } catch (error) {
      return await this.#failed(error, { claim, about }, step.failedAttempts, report, stop.signal);
    } finally {
      clearTimeout(deadline);
    }
  }

  async #failed(
    error: unknown,
    { claim, about }: { readonly claim: Claim; readonly about: object },
    failedBefore: number,
    report: Report,
    signal: AbortSignal,
  ): Promise<AttemptEnd> {
    const { now, retryPolicy, log } = this.#options;
    const reason = signal.aborted ? (signal.reason as StopReason) : 'NONE';
    const at = now();
    switch (reason) {
      case 'SHUTDOWN':
        return (await report({ type: 'InterruptStep', at, claim, orderly: true })) ? 'INTERRUPTED' : 'LOST';
      case 'CLAIM_LOST':
        log.warn(about, 'A step was stopped because its claim was lost');
        return 'LOST';
      case 'CANCEL':
        return (await report({ type: 'StopStep', at, claim })) ? 'CANCELED' : 'LOST';
      case 'DEADLINE':
        return await this.#reportFailure(report, { claim, at, why: failure('STEP_DEADLINE'), again: null });
      case 'NONE': {
        const expected = error instanceof StepFailedError;
        const failed = expected ? error : new StepFailedError(failure('INTERNAL'));
        const why = withLongWait(failed.failure, failed.retryAfterMs, retryPolicy);
        log[expected ? 'warn' : 'error']({ err: error, ...about, code: why.code }, 'A step failed');
        const again = this.#retryAt(failed, failedBefore, at);
        return await this.#reportFailure(report, { claim, at, why, again });
      }
      default:
        return reason satisfies never;
    }
  }

  async #reportFailure(
    report: Report,
    { claim, at, why, again }: { claim: Claim; at: string; why: Failure; again: string | null },
  ): Promise<AttemptEnd> {
    const applied = await report({ type: 'FailAttempt', at, claim, failure: why, retryAt: again });
    if (!applied) return 'LOST';
    return again === null ? 'FAILED' : 'RETRIED';
  }

  #retryAt(
    { failure: why, retryAfterMs }: StepFailedError,
    failedBefore: number,
    now: string,
  ): string | null {
    const { retryPolicy, random } = this.#options;
    return retryAt(retryPolicy, { failure: why, failedBefore, retryAfterMs, now, random: random() });
  }
}

/** What the log says of each line about a step. */
function aboutStep({ jobId, claim }: Reservation, { request }: ActiveJob) {
  return { jobId, step: claim.step, owner: request.ownerId, claim };
}

function stepOf({ steps }: ActiveJob, claim: Claim) {
  return steps.find(({ step }) => step === claim.step);
}

function isSameClaim(a: Claim, b: Claim): boolean {
  return a.step === b.step && a.attempt === b.attempt && a.runnerId === b.runnerId;
}
