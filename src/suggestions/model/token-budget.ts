import type { ReservationRefusal } from '../../domain/token-ledger.js';

/** Why nothing was reserved. */
export type NotReserved =
  | ReservationRefusal
  /** Nobody knows what was spent before; the reason says what to do, to whoever runs the server. */
  | { readonly outcome: 'UNREADABLE'; readonly reason: string };

/** Where tokens are reserved before a model is asked, so that it costs no more than allowed. */
export interface TokenBudget {
  /**
   * @param tokens so many at most
   */
  reserve(
    jobId: string,
    tokens: number,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: 'RESERVED'; readonly id: string } | NotReserved>;

  /** Says what was spent in the end. */
  settle(id: string, tokens: number, signal: AbortSignal): Promise<void>;

  /** Nobody will know what was spent: all of it counts. */
  leave(id: string): void;
}
