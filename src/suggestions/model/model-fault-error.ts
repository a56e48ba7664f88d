import type { Failure } from '../../domain/failure.js';
import type { Reply } from './chat-model.js';

/** The model did not do what it was asked for; the failure says so to the user. */
export class ModelFaultError extends Error {
  readonly code = 'MODEL_FAULT';
  /** The other side said when to come back. */
  readonly retryAfterMs: number | undefined;
  /** It was answered, but not as it should have been: that cost something. */
  readonly answer: Reply | undefined;
  /** Whether the question may have been answered, and have cost something, though nobody heard of it. */
  readonly mayHaveCost: boolean;

  constructor(
    readonly failure: Failure,
    options: ErrorOptions & {
      readonly retryAfterMs?: number | undefined;
      readonly answer?: Reply;
      readonly mayHaveCost?: boolean;
    } = {},
  ) {
    super(failure.message, { cause: options.cause });
    this.name = 'ModelFaultError';
    this.retryAfterMs = options.retryAfterMs;
    this.answer = options.answer;
    this.mayHaveCost = options.mayHaveCost ?? false;
  }
}
