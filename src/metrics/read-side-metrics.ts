import { Counter, Histogram, type Registry } from 'prom-client';
import type { UpdatesObserver } from '../../projections/job-updates.js';

export interface ReadSideObserver extends UpdatesObserver {
  /** Queries show something that this process appended; so long after its acknowledgement. */
  shown(lagMs: number): void;
}

/** From the next turn of the event loop to what people notice, in seconds. */
const lagBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts updates for subscribers, and measures how far read models lag behind what was appended. */
export function measureReadSide(registry: Registry): ReadSideObserver {
  const registers = [registry];
  const lag = new Histogram({
    name: 'actual_jobs_projection_lag_seconds',
    help: 'How long it took from the acknowledgement of an append of this server until its read models showed it.',
    buckets: lagBuckets,
    registers,
  });
  const delivered = new Counter({
    name: 'actual_jobs_updates_total',
    help: 'Updates of jobs that subscribers have taken.',
    registers,
  });
  const conflated = new Counter({
    name: 'actual_jobs_updates_conflated_total',
    help: 'Updates of jobs that a slow subscriber did not get, because a later one of the same job came first.',
    registers,
  });
  return {
    shown: (lagMs) => lag.observe(lagMs / 1_000),
    delivered: () => delivered.inc(),
    conflated: (updates) => conflated.inc(updates),
  };
}
