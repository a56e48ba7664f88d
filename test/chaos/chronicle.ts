import { jobIdOf, jobPrefix, budgetIdOf, lanePrefix } from '../../src/domain/streams.js';
import type { JobEvent } from '../../src/domain/job-events.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import type { ModelStream } from '../exploration/model-store.js';

/** A log, by what it is about. Read without the code that is checked. */
export interface Chronicle {
  readonly jobs: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly lanes: ReadonlyMap<string, readonly RecordedEvent[]>;
}

export function chronicleOf(log: readonly RecordedEvent[]): Chronicle {
  const jobs = new Map<string, RecordedEvent[]>();
  const lanes = new Map<string, RecordedEvent[]>();
  for (const event of log) {
    if (event.stream.startsWith(jobPrefix)) put(jobs, jobIdOf(event.stream), event);
    else if (event.stream.startsWith(lanePrefix)) put(lanes, budgetIdOf(event.stream), event);
  }
  return { jobs, lanes };
}

function put(streams: Map<string, RecordedEvent[]>, id: string, event: RecordedEvent): void {
  const known = streams.get(id);
  if (known) known.push(event);
  else streams.set(id, [event]);
}

export const asJobEvent = ({ type, data }: RecordedEvent) => ({ type, ...data }) as unknown as JobEvent;
export const asLaneEvent = ({ type, data }: RecordedEvent) => ({ type, ...data }) as unknown as LaneEvent;

/** What a job's first event says was asked for; null where the id stands for no job. */
export function requestIn(history: readonly RecordedEvent[] | undefined) {
  const [first] = history ?? [];
  const event = first && asJobEvent(first);
  return event?.type === 'JobQueued' ? event.request : null;
}

/** Whether the id stands for another job. */
export function isReferral(history: readonly RecordedEvent[]): boolean {
  return history[0]?.type === 'StartReferred';
}

const statuses: Readonly<Record<string, string>> = {
  JobStarted: 'RUNNING',
  JobSucceeded: 'SUCCEEDED',
  JobFailed: 'FAILED',
  JobCanceled: 'CANCELED',
};

export function statusAfter(history: readonly RecordedEvent[]): string {
  return history.reduce((status, { type }) => statuses[type] ?? status, 'QUEUED');
}

export function hasEnded(history: readonly RecordedEvent[]): boolean {
  return ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(statusAfter(history));
}

/** For the rules of the explored design. */
export function asModelStream(events: readonly RecordedEvent[]): ModelStream {
  return {
    id: 0,
    events: events.map(({ type, data = {} }, position) => ({ type, data, position })),
    first: 0,
    position: events.length - 1,
    deletions: 0,
  };
}
