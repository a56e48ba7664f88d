/**
 * Why a request was not carried out. An expected answer, not a fault: nothing was changed. `message` is a
 * sentence for the user who asked.
 */
export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  readonly message: string;
  /** The job that stands in the way, with `JOB_ALREADY_ACTIVE`. */
  readonly jobId?: string;
}

export type RefusalCode =
  | 'MISSING_INPUT'
  | 'INVALID_INPUT'
  | 'UNKNOWN_BUDGET'
  | 'JOB_NOT_FOUND'
  | 'JOB_ALREADY_ACTIVE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'JOB_NOT_RETRYABLE'
  | 'TOO_MANY_JOBS';

export function refusal(code: RefusalCode, message: string, facts: { jobId?: string } = {}): Refusal {
  return { refused: true, code, message, ...facts };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
