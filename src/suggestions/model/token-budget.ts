import type { ReservationRefusal } from '../../domain/token-ledger.js';

/** Where tokens are reserved before a model is asked, so that it costs no more than allowed. */
export interface TokenBudget {
  /**
   * @param tokens so many at most
   */
  reserve(
    jobId: string,
    tokens: number,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: 'RESERVED'; readonly id: string } | ReservationRefusal>;

  /** Says what was spent in the end. */
  settle(id: string, tokens: number, signal: AbortSignal): Promise<void>;

  /** Nobody will know what was spent: all of it counts. */
  leave(id: string): void;
}
