/** Where tokens are reserved before a model is asked, so that it costs no more than allowed. */
export interface TokenBudget {
  /**
   * @param tokens so many at most
   * @returns `resumesAt`: when as many may be reserved, an ISO instant in UTC; null: never for this job
   */
  reserve(
    jobId: string,
    tokens: number,
    signal: AbortSignal,
  ): Promise<
    | { readonly outcome: 'RESERVED'; readonly id: string }
    | { readonly outcome: 'CAP_REACHED'; readonly resumesAt: string | null }
  >;

  /** Says what was spent in the end. */
  settle(id: string, tokens: number, signal: AbortSignal): Promise<void>;

  /** Nobody will know what was spent: all of it counts. */
  leave(id: string): void;
}
