import type { Failure } from '../domain/failure.js';
import type { JobInput } from '../domain/job-request.js';
import type { StepProgress, StepResult } from '../domain/step-outcome.js';

/** How a step of one type is carried out. */
export interface StepHandler {
  /** An attempt that takes longer is stopped and the step fails with `STEP_DEADLINE`. */
  readonly deadlineMs: number;

  /**
   * Carries out one attempt. May be called again for the same step after a crash, so what must not happen
   * twice is recorded with `context.advance` and found in `context.progress` the next time. Ends soon after
   * `context.signal` is aborted, by rejecting.
   *
   * @throws StepFailedError with what the user is told
   */
  run(context: StepContext): Promise<StepResult>;
}

export interface StepContext {
  readonly jobId: string;
  readonly ownerId: string;
  readonly budgetId: string;
  readonly input: JobInput;
  readonly attempt: number;
  /** What all earlier attempts recorded, in order. */
  readonly progress: readonly StepProgress[];
  readonly signal: AbortSignal;
  /** Whether the step would not be tried again by itself, failed it like this. */
  isFinal(error: StepFailedError): boolean;
  /** Records a part of the work, durably; `batch` is counted by the callee. */
  advance(progress: Omit<StepProgress, 'batch'>): Promise<void>;
}

/** A step could not reach its goal, for a reason that the user is told. */
export class StepFailedError extends Error {
  readonly code = 'STEP_FAILED';
  /** The other side said when to come back. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly failure: Failure,
    options: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(failure.message, options);
    this.name = 'StepFailedError';
    this.retryAfterMs = options.retryAfterMs;
  }
}
