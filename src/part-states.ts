import { OtherLogError } from '../projections/other-log-error.js';
import type { EventStore } from './eventstore/event-store.js';
import { EventStoreOpenError } from './eventstore/event-store-errors.js';
import { MalformedEventError } from './eventstore/malformed-event-error.js';
import { nameOfError } from './name-of-error.js';
import type { ReadSide } from './read-side.js';
import type { PartState, PartStates } from './server/readiness.js';
import type { WriteSide } from './write-side.js';

/** What `/readyz` tells: each part of a server as it is at this moment. */
export function partStatesOf(
  store: Pick<EventStore, 'trouble'>,
  readSide: ReadSide,
  { sagaHost }: Pick<WriteSide, 'sagaHost'>,
): PartStates {
  const { trouble } = store;
  return {
    eventStore:
      trouble === undefined
        ? { ready: true, status: 'AVAILABLE' }
        : { ready: false, status: 'UNAVAILABLE', reason: trouble },
    readModels: readModels(readSide),
    saga: { ready: sagaHost.isStarted, status: sagaHost.isStarted ? 'STARTED' : 'STOPPED' },
  };
}

function readModels({ projector, progress, fractions, trouble }: ReadSide): PartState {
  const { state, behindMs } = projector;
  // After a gap in the connection it still shows all that it knows, and may not know all.
  const status = state.status === 'LIVE' && behindMs > 0 ? 'CATCHING_UP' : state.status;
  const ready = status === 'LIVE';
  const behind = (fraction: number | undefined, leftMs?: number) => ({
    seconds: rounded(behindMs / 1_000),
    shareOfLog: ready ? 0 : fraction === undefined ? null : rounded(1 - fraction),
    secondsLeft: ready ? 0 : leftMs === undefined ? null : rounded(leftMs / 1_000),
  });
  const parts = [...projector.checkpoints.keys()].map((name) => {
    return [name, { ready, status, behind: behind(fractions.get(name)) }] as const;
  });
  const reason = state.status === 'FAILED' ? reasonOf(state.error) : trouble;
  return {
    ready,
    status,
    ...(!ready && { reason }),
    behind: behind(progress?.fraction, progress?.leftMs),
    parts: Object.fromEntries(parts),
  };
}

/** Whoever asks need not have signed in: what nobody wrote for them is in the log only. */
function reasonOf(error: Error): string {
  const isSpoken = [MalformedEventError, OtherLogError, EventStoreOpenError].some(
    (spoken) => error instanceof spoken,
  );
  return isSpoken ? error.message : `They stopped (${nameOfError(error)}); the log tells more.`;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
