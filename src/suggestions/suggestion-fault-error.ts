import type { Failure } from '../domain/failure.js';
import type { SuggestedBatch } from './suggester.js';

/** Some transactions could not be looked at as they should have been. */
export class SuggestionFaultError extends Error {
  readonly code = 'SUGGESTION_FAULT';

  /**
   * @param likely what can be said of them nevertheless, for where nobody will try again
   * @param retryAfterMs the other side said when to come back
   */
  constructor(
    readonly failure: Failure,
    readonly likely: readonly SuggestedBatch[],
    readonly retryAfterMs: number | undefined,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
    this.name = 'SuggestionFaultError';
  }
}
