import type { CatchUpProgress } from '../../projections/catch-up-progress.js';
import { OtherLogError } from '../../projections/other-log-error.js';
import type { Projector } from '../../projections/projector.js';
import { UnwritableReadModelsError } from '../../projections/unwritable-read-models-error.js';
import { EventStoreOpenError } from '../eventstore/event-store-errors.js';
import { MalformedEventError } from '../eventstore/malformed-event-error.js';
import { nameOfError } from '../name-of-error.js';
import type { PartState, PartStates } from './readiness.js';

/** What is known of the parts of a server. */
export interface Parts {
  readonly store: { readonly trouble: string | undefined };
  readonly readSide: ReadModels;
  readonly sagaHost: { readonly isStarted: boolean };
  readonly runner: { readonly isStopped: boolean };
}

interface ReadModels {
  readonly projector: Pick<Projector, 'state' | 'behindMs' | 'checkpoints'>;
  readonly lag: { readonly oldestMs: number };
  /** While it catches up. */
  readonly progress: CatchUpProgress | undefined;
  /** The same of each, by name, from 0 to 1. */
  readonly fractions: ReadonlyMap<string, number>;
  /** What it waits for, in a sentence. */
  readonly trouble: string | undefined;
}

/** What `/readyz` tells: each part of a server as it is at this moment. */
export function partStatesOf({ store: { trouble }, readSide, sagaHost, runner }: Parts): PartStates {
  return {
    eventStore:
      trouble === undefined
        ? { ready: true, status: 'AVAILABLE' }
        : { ready: false, status: 'UNAVAILABLE', reason: trouble },
    readModels: readModels(readSide),
    saga: saga(sagaHost, runner),
  };
}

function saga({ isStarted }: Parts['sagaHost'], { isStopped }: Parts['runner']): PartState {
  if (isStarted && isStopped) return { ready: false, status: 'ENDING', reason: ending };
  return { ready: isStarted, status: isStarted ? 'STARTED' : 'STOPPED' };
}

const ending = 'This server ends as soon as the steps that run have ended, and starts no other.';

/** What this server appended comes back within some milliseconds; after so many it does not come by itself. */
const longestLagMs = 5_000;
const stalled = 'What this server appended does not come back from the event store.';

function readModels({ projector, lag, progress, fractions, trouble }: ReadModels): PartState {
  const { state } = projector;
  const isStalled = lag.oldestMs > longestLagMs;
  const behindMs = Math.max(projector.behindMs, isStalled ? lag.oldestMs : 0);
  const status = state.status === 'LIVE' ? liveStatus(projector.behindMs, isStalled) : state.status;
  const ready = status === 'LIVE';
  const behind = (fraction: number | undefined, leftMs?: number) => ({
    seconds: rounded(behindMs / 1_000),
    shareOfLog: ready ? 0 : fraction === undefined ? null : rounded(1 - fraction),
    secondsLeft: ready ? 0 : leftMs === undefined ? null : rounded(leftMs / 1_000),
  });
  const parts = [...projector.checkpoints.keys()].map((name) => {
    return [name, { ready, status, behind: behind(fractions.get(name)) }] as const;
  });
  const reason = state.status === 'FAILED' ? reasonOf(state.error) : status === 'STALLED' ? stalled : trouble;
  return {
    ready,
    status,
    ...(!ready && { reason }),
    behind: behind(progress?.fraction, progress?.leftMs),
    parts: Object.fromEntries(parts),
  };
}

/** After a gap in the connection it still shows all that it knows, and may not know all. */
function liveStatus(behindMs: number, isStalled: boolean): string {
  if (behindMs > 0) return 'CATCHING_UP';
  return isStalled ? 'STALLED' : 'LIVE';
}

/** Whoever asks need not have signed in: what nobody wrote for them is in the log only. */
function reasonOf(error: Error): string {
  const isSpoken = [MalformedEventError, OtherLogError, EventStoreOpenError, UnwritableReadModelsError].some(
    (spoken) => error instanceof spoken,
  );
  return isSpoken ? error.message : `They stopped (${nameOfError(error)}); the log tells more.`;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
