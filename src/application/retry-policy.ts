import type { Failure, FailureCode } from '../domain/failure.js';

export interface RetryPolicy {
  /** All attempts of a step together, the first one included. */
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** Where the other side asks for a longer pause than this, the step fails instead. */
  readonly maxRetryAfterMs: number;
}

/** These can be started again by the user, and would only fail the same way when repeated at once. */
const notByItself: ReadonlySet<FailureCode> = new Set([
  'STEP_DEADLINE',
  'INTERRUPTED_TOO_OFTEN',
  'MODEL_CAP_REACHED',
  'INTERNAL',
]);

/** Longer than anybody means: it is taken for nothing said. */
const mostMeantMs = 366 * 24 * 3_600_000;

/** How long the other side asked to be left alone; 0 where it did not say so in earnest. */
function meantMs(retryAfterMs: number | undefined): number {
  return retryAfterMs !== undefined && retryAfterMs <= mostMeantMs ? retryAfterMs : 0;
}

/** The failure of an attempt after which the other side wants to be left alone for longer than anybody waits here. */
export function withLongWait(
  failure: Failure,
  retryAfterMs: number | undefined,
  { maxRetryAfterMs }: Pick<RetryPolicy, 'maxRetryAfterMs'>,
): Failure {
  const waitMs = meantMs(retryAfterMs);
  if (waitMs <= maxRetryAfterMs) return failure;
  const minutes = Math.ceil(waitMs / 60_000);
  return { ...failure, action: `It asked to be left alone for ${minutes} min: retry after that.` };
}

/**
 * When to try again after a failed attempt, as an ISO instant in UTC; null: not by itself. The pause doubles
 * with each attempt up to a bound, with jitter ("equal jitter": half of it is fixed), and is never shorter
 * than what the other side asked for.
 *
 * @param random from 0 to 1
 */
export function retryAt(
  policy: RetryPolicy,
  attempt: {
    readonly failure: Failure;
    /** Attempts that failed before this one. */
    readonly failedBefore: number;
    readonly retryAfterMs: number | undefined;
    readonly now: string;
    readonly random: number;
  },
): string | null {
  const { failure, failedBefore, now, random } = attempt;
  const retryAfterMs = meantMs(attempt.retryAfterMs);
  if (!failure.retryable || notByItself.has(failure.code)) return null;
  if (failedBefore + 1 >= policy.maxAttempts) return null;
  if (retryAfterMs > policy.maxRetryAfterMs) return null;
  const backoffMs = Math.min(policy.maxMs, policy.baseMs * 2 ** failedBefore);
  const pauseMs = Math.max(retryAfterMs, backoffMs * (0.5 + random / 2));
  return new Date(Date.parse(now) + Math.ceil(pauseMs)).toISOString();
}
