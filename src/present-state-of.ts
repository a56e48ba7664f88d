import { systemClock as now } from './application/clock.js';
import type { PresentState } from './metrics/present-state.js';
import type { ReadSide } from './read-side.js';
import type { Readiness } from './server/readiness.js';
import type { WriteSide } from './write-side.js';

/** What `/metrics` tells of a server as it is at this moment. */
export function presentStateOf(
  { ready, parts }: Readiness,
  { projector, lag, queues, updates }: ReadSide,
  { runner, sagaHost }: WriteSide,
): PresentState {
  const behindMs = Math.max(projector.behindMs, lag.oldestMs);
  return {
    ready,
    parts,
    behindMs: new Map([...projector.checkpoints.keys()].map((name) => [name, behindMs])),
    queues,
    now: now(),
    subscribers: updates.subscriberCount,
    slots: { busy: runner.busySlots, all: runner.slots },
    waitingForSlot: sagaHost.waitingForSlot,
  };
}
