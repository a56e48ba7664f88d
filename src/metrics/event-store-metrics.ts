import { Histogram, type Registry } from 'prom-client';
import {
  storeOperations,
  storeOutcomes,
  type EventStoreObserver,
} from '../eventstore/observed-event-store.js';

/** From a commit in memory to the longest wait for a store that does not answer, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Measures how long the event store takes to answer. */
export function measureEventStore(registry: Registry): EventStoreObserver['answered'] {
  const durations = new Histogram({
    name: 'actual_jobs_event_store_duration_seconds',
    help: 'How long the event store took to answer, by operation and outcome: ok, conflict, unavailable or failed.',
    labelNames: ['operation', 'outcome'],
    buckets,
    registers: [registry],
  });
  for (const operation of storeOperations) {
    for (const outcome of storeOutcomes) durations.zero({ operation, outcome });
  }
  return (operation, outcome, durationMs) => {
    durations.observe({ operation, outcome }, durationMs / 1_000);
  };
}
