import type { Position } from '../eventstore/event-store.js';

/**
 * What the read side tells the write side: where to look. All of it may be behind or wrong; whoever acts on
 * a job reads its stream.
 */
export interface JobDirectory {
  /**
   * Resolves once queries show everything up to this position.
   *
   * @throws the reason why the read side stopped, where it did
   */
  caughtUpTo(position: Position): Promise<void>;

  /** Lanes that hold a job, each with its jobs in order. */
  occupiedLanes(): readonly OccupiedLane[];

  /**
   * How many jobs of this owner have not ended.
   *
   * @throws an error with a sentence for the user where that can't be told yet: nothing may be begun then
   */
  countActive(ownerId: string): number;

  /** Whether this is a job of somebody else, as far as is known. */
  isOfAnother(ownerId: string, jobId: string): boolean;

  /** Jobs that ended before this ISO instant and have left their lane, oldest first, at most `limit`. */
  endedBefore(instant: string, limit: number): readonly string[];

  /** Jobs whose `JobExpired` was seen and whose stream may still be there, at most `limit`. */
  expired(limit: number): readonly string[];

  /** Ids of keys that stand for this job, whose streams are to go with its own. */
  referencesTo(jobId: string): readonly string[];

  /** The stream of this job is gone: nothing of it is shown or listed any longer. */
  forget(jobId: string): void;
}

interface OccupiedLane {
  readonly budgetId: string;
  readonly jobIds: readonly string[];
}
