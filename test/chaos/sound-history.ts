import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { JsonObject, RecordedEvent } from '../../src/eventstore/event-store.js';
import {
  budget,
  combinedRequest,
  owner,
  suggestionsResult,
  syncRequest,
  syncResult,
} from '../support/job-history.js';
import { followerOf } from './notebook.js';
import type { Observed, Sighting } from './observed.js';

/** What the checker of chaos is shown, made by hand. */

export type Told = readonly [stream: string, type: string, facts?: JsonObject];

export const jobId = '11111111-1111-4111-8111-111111111111';
export const otherId = '22222222-2222-4222-8222-222222222222';
export const job = jobStream(jobId);
const other = jobStream(otherId);
export const lane = laneStream(budget);
export const request = combinedRequest as unknown as JsonObject;

const claimed = (step: number, attempt = 1, runnerId = 'runner-1') => ({ step, attempt, runnerId });

export const batch = (number: number, ...unanswered: readonly string[]) => ({
  step: 2,
  progress: {
    ...{ kind: 'SUGGESTIONS', batch: number, requested: 2, suggestions: [], model: 'test-model' },
    ...{ unanswered: [...unanswered], inputTokens: 1, outputTokens: 1 },
  },
});

/** A combined job whose second step was interrupted once. */
export const soundEvents: readonly Told[] = [
  [lane, 'JobAdmitted', { jobId, request }],
  [job, 'JobQueued', { request }],
  [job, 'JobStarted'],
  [job, 'StepStarted', claimed(1)],
  [job, 'StepSucceeded', { step: 1, result: syncResult }],
  [job, 'StepStarted', claimed(2)],
  [job, 'StepAdvanced', batch(1, 'a')],
  [job, 'StepInterrupted', { step: 2, attempt: 1 }],
  [job, 'StepStarted', claimed(2, 2)],
  [job, 'StepAdvanced', batch(2, 'b')],
  [job, 'StepSucceeded', { step: 2, result: suggestionsResult }],
  [job, 'JobSucceeded'],
  [lane, 'JobReleased', { jobId }],
];

/** A job of one step, from its admission to its release. */
export const otherRequest = syncRequest as unknown as JsonObject;
export const otherJob: readonly Told[] = [
  [lane, 'JobAdmitted', { jobId: otherId, request: otherRequest }],
  [other, 'JobQueued', { request: otherRequest }],
  [other, 'JobStarted'],
  [other, 'StepStarted', claimed(1)],
  [other, 'StepSucceeded', { step: 1, result: syncResult }],
  [other, 'JobSucceeded'],
  [lane, 'JobReleased', { jobId: otherId }],
];

const at = (index: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, index)).toISOString();
/** When the event at this place of the log happened; half a second later: nothing did. */
export const momentAfter = (index: number) => new Date(Date.parse(at(index)) + 500).toISOString();

export function logOf(events: readonly Told[]): readonly RecordedEvent[] {
  const revisions = new Map<string, number>();
  return events.map(([stream, type, facts = {}], index) => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const data = { v: 1, at: at(index), ...facts };
    return { stream, type, data, revision, position: positionOf(index), id: `event ${index}` };
  });
}

export function positionOf(index: number): string {
  return String(index).padStart(4, '0');
}

/** What somebody sees who sees all: one sighting after each event of the job. */
function sightingsOf(events: readonly Told[]): readonly Sighting[] {
  let status = 'QUEUED';
  let transitions = 0;
  return events.flatMap(([stream, type], index) => {
    if (stream !== job) return [];
    transitions += 1;
    if (type === 'JobStarted') status = 'RUNNING';
    if (type === 'JobSucceeded') status = 'SUCCEEDED';
    const sighting = { jobId, status, transitions, position: positionOf(index) };
    return [{ witness: followerOf(owner), ...sighting }];
  });
}

export const input = { type: 'SYNC_AND_GENERATE', budgetId: budget, idempotencyKey: 'once' } as const;
export const answered = { kind: 'JOB', jobId, created: true, endsSoon: false } as const;

export function observed(
  events: readonly Told[] = soundEvents,
  differences: Partial<Observed> = {},
): Observed {
  const ofJob = events.filter(([stream]) => stream === job);
  const last = events.findLastIndex(([stream]) => stream === job);
  const shownJob = {
    id: jobId,
    status: sightingsOf(events).at(-1)?.status ?? '',
    position: positionOf(last),
    events: ofJob.map(([, type]) => type),
  };
  return {
    log: logOf(events),
    answers: [{ user: owner, command: { kind: 'START', input }, outcome: answered }],
    sightings: sightingsOf(events),
    followers: [{ witness: followerOf(owner), user: owner, since: '' }],
    questions: [
      { at: momentAfter(5), transactionIds: ['a'] },
      { at: momentAfter(8), transactionIds: ['b'] },
    ],
    shown: [{ server: 'server 1', user: owner, since: '', jobs: [shownJob] }],
    surprises: [],
    ...differences,
  };
}
