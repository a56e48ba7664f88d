import { describeProgress } from '../projections/catch-up-progress.js';
import type { SagaHost } from './application/saga-host.js';
import type { EventStore } from './eventstore/event-store.js';
import type { ReadSide } from './read-side.js';
import type { Readiness } from './server/http-server.js';

/** Whether everything is served, and how each part is. */
export function readinessOf(
  store: Pick<EventStore, 'trouble'>,
  readSide: Pick<ReadSide, 'projector' | 'progress'>,
  sagaHost: Pick<SagaHost, 'isStarted'>,
): Readiness {
  const { state } = readSide.projector;
  return {
    ready: store.trouble === undefined && state.status === 'LIVE' && sagaHost.isStarted,
    parts: {
      eventStore: store.trouble ?? 'AVAILABLE',
      readModels: describeReadModels(readSide),
      saga: sagaHost.isStarted ? 'STARTED' : 'STOPPED',
    },
  };
}

function describeReadModels({
  projector: { state },
  progress,
}: Pick<ReadSide, 'projector' | 'progress'>): string {
  if (state.status === 'FAILED') return `FAILED: ${state.error.message}`;
  return state.status === 'CATCHING_UP' && progress
    ? `CATCHING_UP: ${describeProgress(progress)}`
    : state.status;
}
