import type { ConflictPolicy } from '../../src/domain/lane.js';
import type { MakeParts } from './real-code.js';
import type { Misfortunes } from './world.js';

/** A small world, and what may go wrong in it. */
export interface Scenario {
  readonly sentence: string;
  /** What users do; each of it once, at any moment. */
  readonly commands: readonly UserCommand[];
  readonly misfortunes: Partial<Misfortunes>;
  readonly servers?: 1 | 2;
  /** So many tasks are under way at the same time, on all servers together. */
  readonly atOnce?: number;
  readonly slots?: number;
  /** How often a step may be interrupted before it fails. */
  readonly maxInterruptions?: number;
  readonly isSecondClockBehind?: boolean;
  readonly sabotage?: Sabotage;
}

export type UserCommand =
  | {
      readonly kind: 'START';
      /** The server that is asked. */
      readonly at: 0 | 1;
      readonly type?: 'SYNC' | 'SYNC_AND_GENERATE';
      readonly budgetId?: string;
      readonly onConflict?: ConflictPolicy;
      readonly key?: string;
    }
  /** Of any job that there is by then. */
  | { readonly kind: 'CANCEL' | 'RETRY'; readonly at: 0 | 1 };

/** Something that is wrong on purpose, to see that it is found. */
export interface Sabotage {
  readonly makeParts?: MakeParts;
  /** Every claim of another server is taken for one whose runner is gone. */
  readonly judgesAllGone?: boolean;
  /** The store says "appended" to what another server appended before. */
  readonly derivesEventIds?: boolean;
}

export const firstBudget = 'household';
export const secondBudget = 'business';
