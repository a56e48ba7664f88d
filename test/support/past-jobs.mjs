// An event log of jobs that ended before the server starts, written through the real store: with whatever times, ends and
// failures a page is to be seen with.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteEventStore } from '../../dist/src/eventstore/sqlite/sqlite-event-store.js';
import { failure as failureOf } from '../../dist/src/domain/failure.js';
import { syncResult } from '../../bench/support/ended-sync.mjs';

const jobsAtATime = 500;
const steps = {
  SYNC: ['SYNC'],
  SUGGESTIONS_GENERATION: ['SUGGESTIONS_GENERATION'],
  SYNC_AND_GENERATE: ['SYNC', 'SUGGESTIONS_GENERATION'],
};

/** Of the one user there is without sign-in. */
export async function recordPastJobs(dataDir, jobs) {
  const store = await openSqliteEventStore({ file: join(dataDir, 'events.sqlite') });
  for (let done = 0; done < jobs.length; done += jobsAtATime) {
    await Promise.all(jobs.slice(done, done + jobsAtATime).map((job) => append(store, job)));
  }
  await store.close();
}

function append(store, { id = randomUUID(), ...job }) {
  const events = eventsOf(job).map(({ type, ...data }) => ({
    id: randomUUID(),
    type,
    data: { v: 1, ...data },
  }));
  return store.append(`job-${id}`, events, { expectedRevision: 'no-stream' });
}

function eventsOf({
  type = 'SYNC',
  budgetId,
  createdAt,
  tookMs = 1_000,
  failure,
  failedStep,
  isCanceled,
  results = [],
  answers,
}) {
  const plan = steps[type].map((stepType, index) => ({ step: index + 1, type: stepType }));
  const request = {
    type,
    ownerId: 'local',
    budgetId,
    input: type === 'SYNC' ? {} : { batch: { allUncategorized: true } },
    plan,
  };
  const after = (ms) => new Date(Date.parse(createdAt) + ms).toISOString();
  const at = createdAt;
  const events = [{ type: 'JobQueued', at, request }];
  if (isCanceled)
    return [...events, { type: 'CancelRequested', at, by: 'local' }, { type: 'JobCanceled', at }];
  events.push({ type: 'JobStarted', at });
  const failing = failure && (failedStep ?? plan.length);
  const stepMs = tookMs / (failing ?? plan.length);
  const endedAt = after(tookMs);
  for (const { step, type: stepType } of plan) {
    if (failing < step) {
      events.push({ type: 'StepSkipped', at: endedAt, step, because: failureOf('PREREQUISITE_FAILED') });
      continue;
    }
    const endAt = after(stepMs * step);
    events.push({
      type: 'StepStarted',
      at: after(stepMs * (step - 1)),
      step,
      attempt: 1,
      runnerId: 'earlier',
    });
    if (step === failing) {
      events.push({ type: 'StepFailed', at: endAt, step, failure });
      continue;
    }
    if (stepType === 'SUGGESTIONS_GENERATION' && answers)
      events.push({ type: 'StepAdvanced', at: endAt, step, progress: answers });
    events.push({ type: 'StepSucceeded', at: endAt, step, result: results[step - 1] ?? syncResult });
  }
  events.push(failure ? { type: 'JobFailed', at: endedAt, failure } : { type: 'JobSucceeded', at: endedAt });
  return events;
}
