// Jobs that ended, written into a log that no server has open: a sync that was tried twice, then suggestions; ten events each.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteEventStore } from '../../dist/src/eventstore/sqlite/sqlite-event-store.js';
import { syncRequest, syncResult } from './ended-sync.mjs';

export const eventsOfAnOldJob = 10;
const atATime = 500;

/** @param {string} at when all of it happened, an ISO instant */
export async function addOldJobs(dataDir, { count, at, budgetId = 'old' }) {
  const store = await openSqliteEventStore({ file: join(dataDir, 'events.sqlite') });
  const events = oldJob(at, budgetId);
  for (let done = 0; done < count; done += atATime) {
    await Promise.all(
      Array.from({ length: Math.min(atATime, count - done) }, () =>
        store.append(
          `job-${randomUUID()}`,
          events.map(({ type, ...facts }) => ({ id: randomUUID(), type, data: { v: 1, at, ...facts } })),
          { expectedRevision: 'no-stream' },
        ),
      ),
    );
  }
  await store.close();
}

function oldJob(at, budgetId) {
  const plan = [
    { step: 1, type: 'SYNC' },
    { step: 2, type: 'SUGGESTIONS_GENERATION' },
  ];
  const stepStarted = (step, attempt) => ({ type: 'StepStarted', step, attempt, runnerId: 'bench' });
  const failure = { code: 'ACTUAL_UNREACHABLE', message: 'No answer.', action: 'Start it.', retryable: true };
  const tokens = { model: null, inputTokens: 0, outputTokens: 0 };
  const suggestions = Array.from({ length: 5 }, suggestion);
  const progress = { kind: 'SUGGESTIONS', batch: 1, requested: 5, suggestions, unanswered: [], ...tokens };
  const result = {
    kind: 'SUGGESTIONS',
    requested: 5,
    suggested: 5,
    fromHistory: 5,
    fromModel: 0,
    unanswered: 0,
    ...tokens,
  };
  return [
    { type: 'JobQueued', request: { ...syncRequest({ budgetId }), type: 'SYNC_AND_GENERATE', plan } },
    { type: 'JobStarted' },
    stepStarted(1, 1),
    { type: 'StepAttemptFailed', step: 1, attempt: 1, failure, retryAt: at },
    stepStarted(1, 2),
    { type: 'StepSucceeded', step: 1, result: syncResult },
    stepStarted(2, 1),
    { type: 'StepAdvanced', step: 2, progress },
    { type: 'StepSucceeded', step: 2, result },
    { type: 'JobSucceeded' },
  ];
}

function suggestion() {
  return {
    transactionId: randomUUID(),
    date: '2026-01-02',
    payee: 'LIDL',
    amount: -1234,
    categoryId: 'groceries',
    categoryName: 'Groceries',
    source: 'HISTORY',
    confidence: 0.97,
    rationale: '12 of 12 earlier LIDL transactions were Groceries.',
  };
}
