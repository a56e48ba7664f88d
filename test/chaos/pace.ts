/** How much is going on at a time. */
export interface Pace {
  readonly users: readonly string[];
  /** So many things each user does at a time, and pauses between two (milliseconds). */
  readonly hands: number;
  readonly pauseMs: readonly [least: number, most: number];
  /** So many jobs a user has under way before further ones are started. */
  readonly mostActive: number;
  readonly budgets: number;
  /** So many transactions a user names at most; null: now and then all that there are. */
  readonly largestBatch: number | null;
}

/** Where every life is short. */
export const fewUsers: Pace = {
  users: ['anna', 'ben', 'carla'],
  hands: 2,
  pauseMs: [5, 120],
  mostActive: 4,
  budgets: 2,
  largestBatch: null,
};

/** As much as a server can do, in small jobs. */
export const aCrowd: Pace = {
  users: Array.from({ length: 24 }, (_, index) => `user ${index + 1}`),
  hands: 2,
  pauseMs: [100, 400],
  mostActive: 12,
  budgets: 12,
  largestBatch: 3,
};
