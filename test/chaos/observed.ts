import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import type { StartInput } from '../support/jobs-api.js';

/** All that somebody outside of the servers knows, at a moment at which nothing is left to do. */
export interface Observed {
  /** The whole log, in its order, also what was cut off since it was read. */
  readonly log: readonly RecordedEvent[];
  /** What users asked for and what became of it, in the order of the answers. */
  readonly answers: readonly Answer[];
  /** What was seen of jobs; those of one witness in the order in which they were seen. */
  readonly sightings: readonly Sighting[];
  readonly followers: readonly Follower[];
  readonly questions: readonly Question[];
  /** What each server shows to each user. */
  readonly shown: readonly Shown[];
  /** What nobody should ever meet, in a sentence each. */
  readonly surprises: readonly string[];
}

export type Command =
  | { readonly kind: 'START'; readonly input: StartInput & { readonly budgetId: string } }
  | { readonly kind: 'CANCEL'; readonly jobId: string }
  | { readonly kind: 'RETRY'; readonly jobId: string };

export interface Answer {
  readonly user: string;
  readonly command: Command;
  readonly outcome: Outcome;
}

export type Outcome =
  | {
      readonly kind: 'JOB';
      readonly jobId: string;
      /** Null where nothing was to be created. */
      readonly created: boolean | null;
      /** Whether it is said to be over, or about to be canceled. */
      readonly endsSoon: boolean;
    }
  | { readonly kind: 'REFUSED'; readonly code: string }
  /** The connection broke, or the server said that it does not know. */
  | { readonly kind: 'UNKNOWN' };

/** A job as somebody saw it. */
export interface Sighting {
  /** Who asks one server, or follows its updates, one after the other. */
  readonly witness: string;
  readonly jobId: string;
  readonly status: string;
  readonly position: string;
  /** How many transitions its history told. */
  readonly transitions: number;
}

/** A subscriber who resumes with `after` whenever the connection broke. */
export interface Follower {
  readonly witness: string;
  readonly user: string;
  /** It has to know all that came after this position. */
  readonly since: string;
}

/** What the model was asked. */
export interface Question {
  /** An ISO instant. */
  readonly at: string;
  readonly transactionIds: readonly string[];
}

/** The jobs that a server lists for a user. */
export interface Shown {
  readonly server: string;
  readonly user: string;
  /** Jobs that did not change after this position are left out. */
  readonly since: string;
  readonly jobs: readonly ShownJob[];
}

export interface ShownJob {
  readonly id: string;
  readonly status: string;
  readonly position: string;
  readonly events: readonly string[];
}
