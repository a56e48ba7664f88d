import { describe, expect, it } from 'vitest';
import { jobEventSchema } from '../../src/domain/job-events.js';
import { laneEventSchema } from '../../src/domain/lane-events.js';
import { budgetIdOf, jobIdOf, jobStream, laneStream } from '../../src/domain/streams.js';
import {
  answers,
  attemptFailed,
  cancelRequested,
  combinedRequest,
  jobCanceled,
  jobExpired,
  jobFailed,
  jobSucceeded,
  minutesAfter,
  now,
  queued,
  started,
  startReferred,
  stepAdvanced,
  stepFailed,
  stepInterrupted,
  stepSkipped,
  stepStarted,
  stepSucceeded,
  suggestionsResult,
  syncResult,
  wrongPassword,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';

const plan = [
  { step: 1, type: 'SYNC', carried: { result: syncResult, progress: [] } },
  { step: 2, type: 'SUGGESTIONS_GENERATION', carried: { progress: [answers(1)] } },
];
const retry = { ...combinedRequest, plan, retryOf: 'job-before' };
const batch = { ...combinedRequest, input: { batch: { transactionIds: ['a', 'b'] } } };

const oneOfEach = [
  ...[queued(), queued(retry), queued(batch), started(), stepStarted(), stepAdvanced(2, answers(1))],
  ...[stepSucceeded(1, syncResult), stepSucceeded(2, suggestionsResult)],
  ...[attemptFailed(1, 1, minutesAfter(now, 1)), stepFailed(1, wrongPassword), stepInterrupted()],
  ...[stepSkipped(2), cancelRequested(), jobSucceeded(), jobFailed(wrongPassword), jobCanceled()],
  ...[jobExpired(), startReferred('job-b')],
];

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('an event', () => {
  it.each(oneOfEach)('of a job is read as it was written: $type', (event) => {
    expect(jobEventSchema.parse(through(event))).toStrictEqual(event);
  });

  it.each([admitted('a'), admitted('a', retry), admitted('a', batch), released('a')])(
    'of a lane is read as it was written: $type',
    (event) => {
      expect(laneEventSchema.parse(through(event))).toStrictEqual(event);
    },
  );

  it('is there for every type', () => {
    const types = jobEventSchema.options.map(({ shape }) => shape.type.value);
    expect(new Set(oneOfEach.map(({ type }) => type))).toEqual(new Set(types));
  });
});

describe('what cannot be read is refused', () => {
  const refusedOfJobs: readonly [string, unknown][] = [
    ['an unknown type', { ...started(), type: 'JobPaused' }],
    ['no type', { v: 1, at: now }],
    ['a later version', { ...started(), v: 2 }],
    ['no version', { type: 'JobStarted', at: now }],
    ['no time', { type: 'JobStarted', v: 1 }],
    ['a time without its zone', { ...started(), at: '2026-03-02T09:00:00' }],
    ['a time that is not in UTC', { ...started(), at: '2026-03-02T09:00:00+01:00' }],
    ['a step that does not count from 1', { ...stepStarted(), step: 0 }],
    ['an attempt that is not a number', { ...stepStarted(), attempt: '1' }],
    ['a failure that is not in the catalogue', { ...jobFailed(wrongPassword), failure: { code: 'OOPS' } }],
    ['a result of an unknown kind', { ...stepSucceeded(), result: { ...syncResult, kind: 'EXPORT' } }],
    [
      'a result with a number that JSON cannot hold',
      through({ ...stepSucceeded(), result: { ...syncResult, durationMs: NaN } }),
    ],
    ['a batch of suggestions with an impossible confidence', advancedWith({ confidence: 1.2 })],
    ['a plan without a step', queued({ ...combinedRequest, plan: [] })],
    ['an empty batch', queued({ ...combinedRequest, input: { batch: { transactionIds: [] } } })],
    [
      'a batch that is both: these transactions and all of them',
      {
        ...queued(),
        request: { ...batch, input: { batch: { transactionIds: ['a'], allUncategorized: true } } },
      },
    ],
    ['an event of a lane', admitted('a')],
  ];

  it.each(refusedOfJobs)('in a job: %s', (_what, event) => {
    expect(jobEventSchema.safeParse(event).success).toBe(false);
  });

  const refusedOfLanes: readonly [string, unknown][] = [
    ['an unknown type', { ...released('a'), type: 'JobMoved' }],
    ['a later version', { ...released('a'), v: 2 }],
    ['an admission without its request', { type: 'JobAdmitted', v: 1, at: now, jobId: 'a' }],
    ['an event of a job', started()],
  ];

  it.each(refusedOfLanes)('in a lane: %s', (_what, event) => {
    expect(laneEventSchema.safeParse(event).success).toBe(false);
  });
});

describe('a field that this version does not know', () => {
  it('does not get into what it knows', () => {
    expect(jobEventSchema.parse({ ...stepStarted(), mood: 'good' })).toStrictEqual(stepStarted());
    expect(laneEventSchema.parse({ ...released('a'), mood: 'good' })).toStrictEqual(released('a'));
  });
});

describe('a stream', () => {
  it('is named after what it is about', () => {
    expect([jobStream('42'), laneStream('household')]).toEqual(['job-42', 'lane-household']);
    expect([jobIdOf('job-42'), budgetIdOf('lane-household')]).toEqual(['42', 'household']);
  });
});

function advancedWith(change: object) {
  const progress = answers(1);
  const suggestions = progress.suggestions.map((suggestion) => ({ ...suggestion, ...change }));
  return { ...stepAdvanced(2, progress), progress: { ...progress, suggestions } };
}
