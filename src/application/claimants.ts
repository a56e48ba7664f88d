import type { Claim } from '../domain/decide-job.js';
import type { Position } from '../eventstore/event-store.js';

/** Those who hold claims, this process apart. */
export interface Claimants {
  /**
   * Whether whoever holds the claim is known to be gone; asked only about claims that this process does not hold.
   *
   * @param claimedAt of the claim's event
   */
  isGone(jobId: string, claim: Claim, claimedAt: Position): boolean;
}

/** Where one process alone works with a store, whatever it does not hold is a former life's. */
export const nobodyElse: Claimants = { isGone: () => true };
