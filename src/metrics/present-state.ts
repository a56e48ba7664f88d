import { Gauge, type Registry } from 'prom-client';
import type { QueueLengths } from '../../projections/queue-lengths.js';

/** A server as it is at this moment. */
export interface PresentState {
  /** Whether everything is served, and each part of that. */
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ready: boolean }>>;
  /** For how long each read model has not been caught up (milliseconds). */
  readonly behindMs: ReadonlyMap<string, number>;
  /** Undefined while they are not known: not all ends of jobs that are in the log have been read. */
  readonly queues: QueueLengths | undefined;
  /** An ISO instant in UTC. */
  readonly now: string;
  readonly subscribers: number;
  readonly slots: { readonly busy: number; readonly all: number };
  readonly waitingForSlot: number;
}

const activeStatuses = ['QUEUED', 'RUNNING'];

/**
 * Gauges of the present state: nothing is counted, so nothing can be counted twice.
 *
 * @returns sets them all; to be called whenever somebody wants to read them
 */
export function presentStateGauges(
  registry: Registry,
  jobTypes: readonly string[],
): (present: PresentState) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name: `actual_jobs_${name}`, help, labelNames, registers: [registry] });
  const ready = gauge('ready', 'Whether this server serves everything: 1 or 0.');
  const partReady = gauge('part_ready', 'Whether a part of this server is ready: 1 or 0.', 'part');
  const behind = gauge(
    'projection_behind_seconds',
    'For how long a read model has not been caught up with the log, as far as this server knows.',
    'projection',
  );
  const active = gauge(
    'active',
    'Jobs that wait or run, of all servers, by type and status.',
    'type',
    'status',
  );
  const longestQueue = gauge(
    'longest_queue',
    'Jobs in the queue of the budget that has most of them, of all servers, the running one included.',
  );
  const oldestQueued = gauge(
    'oldest_queued_seconds',
    'How long the job that has waited longest has waited, of all servers; 0 where none waits.',
  );
  const subscribers = gauge('subscribers', 'Subscriptions that are open at this server.');
  const slots = gauge(
    'runner_slots',
    'How many steps this server can run at a time, by state: busy or free.',
    'state',
  );
  const waiting = gauge('waiting_for_slot', 'Jobs that could go on at this server if it had a free slot.');

  const setQueues = (queues: QueueLengths | undefined, now: string) => {
    active.reset();
    longestQueue.set(queues?.longestLane ?? NaN);
    oldestQueued.set(queues ? secondsSince(queues.oldestQueuedAt, now) : NaN);
    if (!queues) return;
    for (const type of jobTypes) for (const status of activeStatuses) active.set({ type, status }, 0);
    for (const { type, status, jobs } of queues.active) active.set({ type, status }, jobs);
  };
  return (present) => {
    ready.set(Number(present.ready));
    for (const [part, state] of Object.entries(present.parts)) partReady.set({ part }, Number(state.ready));
    for (const [projection, ms] of present.behindMs) behind.set({ projection }, ms / 1_000);
    setQueues(present.queues, present.now);
    subscribers.set(present.subscribers);
    slots.set({ state: 'busy' }, present.slots.busy);
    slots.set({ state: 'free' }, Math.max(0, present.slots.all - present.slots.busy));
    waiting.set(present.waitingForSlot);
  };
}

/** 0 where nothing has begun. */
function secondsSince(instant: string | null, now: string): number {
  return instant === null ? 0 : Math.max(0, Date.parse(now) - Date.parse(instant)) / 1_000;
}
