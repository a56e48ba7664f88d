import type { Claim } from '../../src/domain/decide-job.js';
import type { ConflictPolicy } from '../../src/domain/lane.js';
import type { JsonObject } from '../../src/eventstore/event-store.js';
import type { Expected, ModelStream } from './model-store.js';

/** What a server is at work on: one run through the real code, from its first look at the store to its answer. */
export type Task =
  | {
      readonly kind: 'START';
      /** Which of the scenario's commands it is. */
      readonly command: number;
      readonly type: string;
      readonly budgetId: string;
      readonly onConflict: ConflictPolicy;
      readonly key?: string;
    }
  | { readonly kind: 'CANCEL' | 'RETRY'; readonly command: number; readonly jobId: string }
  | {
      readonly kind: 'LOOK';
      readonly jobId: string;
      readonly laneId: string;
      /** Another server's claim whose runner is taken to be gone. */
      readonly judgedGone?: Claim;
    }
  | {
      readonly kind: 'REPORT';
      readonly jobId: string;
      readonly claim: Claim;
      readonly ending: 'SUCCEEDS' | 'FAILS' | 'FAILS_FOR_NOW' | 'STOPS';
    }
  | { readonly kind: 'RETIRE'; readonly jobId: string };

/** What the code asks of the store. */
export type Operation =
  | {
      readonly kind: 'READ';
      readonly stream: string;
      readonly fromRevision: number;
      /** What the server remembers may do instead. */
      readonly recall?: Recall;
    }
  | {
      readonly kind: 'APPEND';
      readonly stream: string;
      readonly facts: readonly { readonly type: string; readonly data: JsonObject }[];
      readonly expected: Expected;
      /** The very same append as the one before, with the same ids. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'DELETE'; readonly stream: string; readonly expected: number }
  | { readonly kind: 'CUT'; readonly stream: string; readonly before: number };

/** What is remembered is not older than this; left out: it may be of any time. */
export interface Recall {
  /** All that is about this job. */
  readonly about?: string;
  /** What lies before this position. */
  readonly before?: string;
}

/** What the store answers. */
export type Answer =
  | { readonly kind: 'EVENTS'; readonly stream: ModelStream; readonly visible: number }
  | { readonly kind: 'APPENDED'; readonly revision: number; readonly position: number }
  | { readonly kind: 'DONE' }
  | { readonly kind: 'WRONG_REVISION' }
  | { readonly kind: 'UNKNOWN' }
  /** The outcome is unknown, and the command has taken too long to ask again. */
  | { readonly kind: 'UNKNOWN_TO_THE_LAST' };

/** A claim that a server holds, from before it is appended until its last report is. */
export interface Reservation {
  readonly jobId: string;
  readonly claim: Claim;
  readonly stage: 'CLAIMING' | 'RUNNING' | 'REPORTING';
  /** The step was told to stop. */
  readonly isTold: boolean;
}

/** What the code can see besides the store, from one answer of the store to the next. */
export interface Surroundings {
  readonly now: string;
  readonly reservations: readonly Reservation[];
  /** Of a job that is to be retired: whether the read side has seen it expire, and what refers to it. */
  readonly hasExpired: boolean;
  readonly references: readonly string[];
}

/** What the code does to its server, besides what it asks of the store. */
export type Effect =
  | { readonly kind: 'RESERVED' | 'FREED' | 'RUNS'; readonly jobId: string; readonly claim: Claim }
  /** The job's step, if it runs here, is told to stop. */
  | { readonly kind: 'TOLD'; readonly jobId: string }
  /** The code waited until queries show everything up to here. */
  | { readonly kind: 'SHOWN'; readonly position: string };

/** What a user was answered. */
export type Outcome =
  | { readonly kind: 'JOB'; readonly jobId: string; readonly created: boolean }
  | { readonly kind: 'REFUSED'; readonly code: string }
  /** The command's outcome is unknown to whoever gave it. */
  | { readonly kind: 'UNKNOWN' }
  /** Nobody waits for an answer. */
  | { readonly kind: 'NONE' }
  /** The code threw what it may not throw. */
  | { readonly kind: 'THREW'; readonly message: string };

export function isSameClaim(a: Claim | undefined, b: Claim): boolean {
  return a?.step === b.step && a.attempt === b.attempt && a.runnerId === b.runnerId;
}
