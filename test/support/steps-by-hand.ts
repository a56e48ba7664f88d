import { StepFailedError, type StepContext, type StepHandler } from '../../src/application/step-handler.js';
import type { Failure } from '../../src/domain/failure.js';
import type { StepResult } from '../../src/domain/step-outcome.js';
import { answers, suggestionsResult, syncResult } from './job-history.js';

/** An attempt that a runner started and whose end the test decides. */
export interface AttemptInHand {
  readonly context: StepContext;
  succeed(result?: StepResult): void;
  fail(failure: Failure, retryAfterMs?: number): void;
  /** Ends in a way that nobody expected. */
  crash(error: Error): void;
}

const resultOf = (type: string): StepResult => (type === 'SYNC' ? syncResult : suggestionsResult);

/** The work that steps consist of, done by the test: attempt by attempt, or all of them at once. */
export class StepsByHand {
  readonly #attempts: AttemptInHand[] = [];
  #waiting: ((attempt: AttemptInHand) => void)[] = [];
  #succeedsAtOnce = false;
  /** Ids of the jobs whose attempts were started, in order. */
  readonly startedJobIds: string[] = [];
  /** Steps do not stop when they are told to. */
  areStubborn = false;

  handler(type: string, deadlineMs: number): StepHandler {
    return { deadlineMs, run: (context) => this.#run(type, context) };
  }

  /** From now on every attempt reaches its goal at once. */
  succeedAtOnce(): void {
    this.#succeedsAtOnce = true;
  }

  /** The next attempt that was started, in the order of their starts. */
  next(): Promise<AttemptInHand> {
    const attempt = this.#attempts.shift();
    if (attempt) return Promise.resolve(attempt);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #run(type: string, context: StepContext): Promise<StepResult> {
    this.startedJobIds.push(context.jobId);
    if (this.#succeedsAtOnce) return Promise.resolve(resultOf(type));
    return new Promise((resolve, reject) => {
      const attempt: AttemptInHand = {
        context,
        succeed: (result = resultOf(type)) => {
          resolve(result);
        },
        fail: (failure, retryAfterMs) => {
          reject(new StepFailedError(failure, { retryAfterMs }));
        },
        crash: reject,
      };
      if (!this.areStubborn) {
        context.signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      }
      const waiting = this.#waiting.shift();
      if (waiting) waiting(attempt);
      else this.#attempts.push(attempt);
    });
  }
}

/** What a step records of one answered batch; the batch's number is counted for it. */
export function answered(batch: number) {
  const { batch: _number, ...progress } = answers(batch);
  return progress;
}
