import type { JobEvent } from '../src/domain/job-events.js';
import type { LaneEvent } from '../src/domain/lane-events.js';
import type { Position } from '../src/eventstore/event-store.js';

/**
 * A read model: tables that follow from the log alone. When `version` changes, the tables are made anew from
 * the whole log.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  /** By table, the columns of its `CREATE TABLE`. */
  readonly tables: Readonly<Record<string, string>>;
  /** By index, what follows `CREATE INDEX name ON`. */
  readonly indexes?: Readonly<Record<string, string>>;
  /** What each event means for the tables; events that are not named mean nothing. */
  readonly on: Handlers;
}

export type DomainEvent = JobEvent | LaneEvent;

export type Handlers = {
  readonly [Type in DomainEvent['type']]?: (
    event: Extract<DomainEvent, { readonly type: Type }>,
    source: Source,
    write: Write,
  ) => void;
};

/** Where an event stands. */
export interface Source {
  /** The job's id, or the budget's for an event of a lane. */
  readonly id: string;
  /** 0 where nothing of this id was ever recorded before. */
  readonly revision: number;
  readonly position: Position;
}

/** Runs one SQL statement; returns the number of rows that it changed. */
export type Write = (sql: string, ...params: readonly SqlValue[]) => number;

export type SqlValue = string | number | null;
