import { expect } from 'vitest';
import { jobEventSchema, type JobEvent, type JobEventType } from '../../src/domain/job-events.js';
import { laneEventSchema } from '../../src/domain/lane-events.js';
import { jobIdOf, jobPrefix, lanePrefix } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';

const ends: readonly JobEventType[] = ['JobSucceeded', 'JobFailed', 'JobCanceled'];

const claimEnds: readonly JobEventType[] = [
  'StepSucceeded',
  'StepAttemptFailed',
  'StepFailed',
  'StepInterrupted',
  'JobCanceled',
];

/** The lives of all jobs in the log. */
export function historiesIn(log: readonly RecordedEvent[]): ReadonlyMap<string, readonly JobEvent[]> {
  const histories = new Map<string, JobEvent[]>();
  for (const { stream, type, data } of log.filter((event) => event.stream.startsWith(jobPrefix))) {
    const history = histories.get(jobIdOf(stream)) ?? [];
    histories.set(jobIdOf(stream), [...history, jobEventSchema.parse({ type, ...data })]);
  }
  return histories;
}

/** Ids of the jobs that were let into a lane, once for each time. */
export function admittedIn(log: readonly RecordedEvent[]): readonly string[] {
  return laneEventsIn(log, 'JobAdmitted');
}

/** Whether nothing is left to do: every job that was admitted has ended, or is no job, and left its lane. */
export function isQuiet(log: readonly RecordedEvent[]): boolean {
  const histories = historiesIn(log);
  const released = laneEventsIn(log, 'JobReleased');
  const isOver = (history: readonly JobEvent[]) =>
    isReferral(history) || history.some(({ type }) => ends.includes(type));
  return admittedIn(log).every((id) => released.includes(id) && isOver(histories.get(id) ?? []));
}

/** What holds in every log in which nothing is left to do, whatever happened to the processes that wrote it. */
export function expectSoundLog(log: readonly RecordedEvent[]): void {
  const admitted = admittedIn(log);
  expect([...laneEventsIn(log, 'JobReleased')].sort()).toEqual([...admitted].sort());
  const histories = [...historiesIn(log)];
  // Of two starts with one key, one may let its id into the lane while the other refers it to another job.
  const referred = new Set(histories.flatMap(([id, history]) => (isReferral(history) ? [id] : [])));
  const jobs = histories.filter(([id]) => !referred.has(id));
  const admittedJobs = admitted.filter((id) => !referred.has(id));
  expect(new Set(admittedJobs).size).toBe(admittedJobs.length);
  expect(jobs.map(([id]) => id).sort()).toEqual([...admittedJobs].sort());
  for (const [, history] of jobs) expectSoundHistory(history);
}

function isReferral(history: readonly JobEvent[]): boolean {
  return history.length === 1 && history[0]?.type === 'StartReferred';
}

/** What a log has about these jobs. */
export function about(ids: ReadonlySet<string>, log: readonly RecordedEvent[]): readonly RecordedEvent[] {
  return log.filter(({ stream, data }) =>
    stream.startsWith(lanePrefix) ? ids.has(String(data?.jobId)) : ids.has(jobIdOf(stream)),
  );
}

/** In each lane a claim begins only when the one before it is over, whoever holds them. */
export function expectOneAtATime(log: readonly RecordedEvent[]): void {
  const running = new Map<string, string>();
  const lanes = new Map<string, string>();
  for (const recorded of log.filter(({ stream }) => stream.startsWith(jobPrefix))) {
    const event = jobEventSchema.parse({ type: recorded.type, ...recorded.data });
    const id = jobIdOf(recorded.stream);
    if (event.type === 'JobQueued') lanes.set(id, event.request.budgetId);
    const lane = lanes.get(id) ?? '';
    if (event.type === 'StepStarted') {
      expect(running.get(lane), `what runs in the lane when ${id} is claimed`).toBeUndefined();
      running.set(lane, id);
    }
    if (claimEnds.includes(event.type) && running.get(lane) === id) running.delete(lane);
  }
}

function expectSoundHistory(history: readonly JobEvent[]): void {
  const types = history.map(({ type }) => type);
  expect(types.filter((type) => type === 'JobQueued')).toHaveLength(1);
  expect(types[0]).toBe('JobQueued');
  expect(types.filter((type) => type === 'JobStarted')).toHaveLength(1);
  expect(types.filter((type) => ends.includes(type))).toHaveLength(1);
  expect(ends).toContain(types.at(-1));
  const times = history.map(({ at }) => at);
  expect(times).toEqual([...times].sort());

  const [queued] = history;
  const plan = queued?.type === 'JobQueued' ? queued.request.plan : [];
  for (const { step } of plan) expectSoundStep(history, step);
  const answered = transactionsAnsweredIn(history);
  expect(new Set(answered).size).toBe(answered.length);
}

function expectSoundStep(history: readonly JobEvent[], step: number): void {
  const happened = history.filter((event) => 'step' in event && event.step === step);
  const attempts = happened.flatMap((event) => (event.type === 'StepStarted' ? [event.attempt] : []));
  expect(attempts).toEqual(attempts.map((_attempt, index) => index + 1));
  const batches = happened.flatMap((event) => (event.type === 'StepAdvanced' ? [event.progress.batch] : []));
  expect(batches).toEqual(batches.map((_batch, index) => index + 1));
  // Each attempt begins once the one before it is over, and ends once.
  const borders = happened.map(({ type }) => type).filter((type) => type !== 'StepAdvanced');
  const expected = attempts.flatMap((attempt) => [
    'StepStarted',
    attempt < attempts.length ? 'StepInterrupted' : 'StepSucceeded',
  ]);
  expect(borders).toEqual(expected);
  expect(attempts.length).toBeGreaterThan(0);
  const begins = history.findIndex((event) => event.type === 'StepStarted' && event.step === step);
  for (const event of history.slice(begins)) {
    if ('step' in event) expect(event.step).toBeGreaterThanOrEqual(step);
  }
}

function transactionsAnsweredIn(history: readonly JobEvent[]): readonly string[] {
  return history.flatMap((event) =>
    event.type === 'StepAdvanced'
      ? [
          ...event.progress.suggestions.map(({ transactionId }) => transactionId),
          ...event.progress.unanswered,
        ]
      : [],
  );
}

function laneEventsIn(
  log: readonly RecordedEvent[],
  wanted: 'JobAdmitted' | 'JobReleased',
): readonly string[] {
  return log
    .filter(({ stream, type }) => stream.startsWith(lanePrefix) && type === wanted)
    .map(({ type, data }) => laneEventSchema.parse({ type, ...data }).jobId);
}
