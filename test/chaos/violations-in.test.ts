import { describe, expect, it } from 'vitest';
import { owner, syncResult } from '../support/job-history.js';
import { followerOf } from './notebook.js';
import type { Answer, Command, Observed, Outcome } from './observed.js';
import {
  answered,
  batch,
  input,
  job,
  jobId,
  lane,
  momentAfter,
  observed,
  otherId,
  otherJob,
  otherRequest,
  positionOf,
  request,
  soundEvents,
  type Told,
} from './sound-history.js';
import { violationsIn } from './violations-in.js';

const whats = (told: Observed) => violationsIn(told).map(({ rule, what }) => `${rule}: ${what}`);

/** The sound history without what lies at these places, or with something put before a place. */
const without = (...places: readonly number[]) => soundEvents.filter((_, index) => !places.includes(index));
const withAt = (place: number, ...events: readonly Told[]) => soundEvents.toSpliced(place, 0, ...events);

/** What the log alone says: nobody saw it, asked or was answered. */
const logAlone = (events: readonly Told[]): Observed =>
  observed(events, { answers: [], sightings: [], followers: [], questions: [], shown: [] });

describe('a sound history', () => {
  it('has no violation', () => {
    expect(whats(observed())).toEqual([]);
  });

  it('has none either with one job behind the other', () => {
    expect(whats(logAlone([...soundEvents, ...otherJob]))).toEqual([]);
  });
});

describe('in the log it is found', () => {
  const cases: Readonly<Record<string, readonly [events: readonly Told[], what: RegExp]>> = {
    'that a step succeeded twice': [
      withAt(5, [job, 'StepSucceeded', { step: 1, result: syncResult }]),
      /HISTORY: .*StepSucceeded is about a step that does not run/,
    ],
    'that the second step began before the first had succeeded': [
      without(4),
      /HISTORY: .*StepStarted came while the step was running/,
    ],
    'that something came after the end': [
      withAt(12, [job, 'StepInterrupted', { step: 2, attempt: 2 }]),
      /HISTORY: .*StepInterrupted came after the end/,
    ],
    'that a time went back': [
      withAt(2, [job, 'CancelRequested', { by: owner, at: '2026-01-01T00:00:00.000Z' }]),
      /HISTORY: .*CancelRequested lies before the event before it/,
    ],
    'that a transaction was answered twice': [
      soundEvents.with(9, [job, 'StepAdvanced', batch(2, 'a')]),
      /PAID_ONCE: .*transaction a was answered twice/,
    ],
    'that a job never ends': [without(11, 12), /END: .*stands in lane household for ever and never ends/],
    'that a job was admitted and never began': [
      [[lane, 'JobAdmitted', { jobId, request }]],
      /END: .*for ever and has no event/,
    ],
    'that a job stays in its lane': [without(12), /END: .*for ever and has ended/],
    'that nobody let a job into a lane': [without(0, 12), /LANE: .*was never let into a lane/],
    'that a job was admitted twice': [
      withAt(1, [lane, 'JobAdmitted', { jobId, request }]),
      /LANE: Lane household: .* was admitted twice/,
    ],
    'that a job was released before its end': [
      [...without(12).slice(0, 8), [lane, 'JobReleased', { jobId }], ...without(12).slice(8)],
      /ONE_AT_A_TIME: .*was released from lane household and is not over/,
    ],
    'that two jobs of a lane ran at once': [
      [...soundEvents.slice(0, 6), ...otherJob, ...soundEvents.slice(6)],
      /ONE_AT_A_TIME: .*was claimed in lane household while 1{8}.* ran/,
    ],
    'that a job ran out of turn': [
      [...soundEvents.slice(0, 2), ...otherJob, ...soundEvents.slice(2)],
      /ONE_AT_A_TIME: 2{8}.*is not at its head/,
    ],
    'that a job waits behind its equal': [
      withAt(2, ...['3', '4'].map<Told>((id) => [lane, 'JobAdmitted', { jobId: id, request: otherRequest }])),
      /ONE_AT_A_TIME: 4 waits in lane household behind its equal 3/,
    ],
  };
  it.each(Object.entries(cases))('%s', (_sentence, [events, what]) => {
    expect(whats(logAlone(events))).toEqual(expect.arrayContaining([expect.stringMatching(what)]));
  });

  it('that two events have one id', () => {
    const { log, ...rest } = observed();
    const twins = log.map((event, index) => (index === 3 ? { ...event, id: 'event 2' } : event));
    expect(whats({ ...rest, log: twins })).toEqual([
      expect.stringMatching(/EVENT_ID: job-.* at 2 has the id of/),
    ]);
  });
});

describe('of answers it is found', () => {
  const told = (command: Command, outcome: Outcome, user = owner): Answer => ({ user, command, outcome });
  const start = { kind: 'START', input } as const;
  const cancel = { kind: 'CANCEL', jobId } as const;
  const refused = (code: string) => ({ kind: 'REFUSED', code }) as const;
  const cases: Readonly<Record<string, readonly [answers: readonly Answer[], what: RegExp]>> = {
    'that an acknowledged job does not exist': [
      [told(start, { ...answered, jobId: otherId })],
      /ANSWER: anna: START was answered with 2{8}.*does not exist/,
    ],
    'that a job was created twice': [
      [told(start, answered), told(start, answered)],
      /ANSWER: anna: 1{8}.* was created twice/,
    ],
    'that it was something else that was asked for': [
      [told({ kind: 'START', input: { ...input, type: 'SYNC' } }, answered)],
      /ANSWER: .*which is something else/,
    ],
    "that a job is somebody else's": [
      [told(start, answered, 'ben')],
      /ANSWER: ben: .*which is somebody else's/,
    ],
    'that a canceled job goes on': [
      [told(cancel, { ...answered, created: null })],
      /ANSWER: anna: 1{8}.* was not canceled/,
    ],
    'that one was canceled instead of another': [
      [told({ kind: 'CANCEL', jobId: otherId }, { ...answered, created: null })],
      /ANSWER: anna: CANCEL of 2{8}.* was answered with 1{8}/,
    ],
    'that a retry goes on from nothing': [
      [told({ kind: 'RETRY', jobId: otherId }, answered)],
      /ANSWER: anna: 1{8}.* does not retry 2{8}/,
    ],
    'that a key was refused that was used for nothing else': [
      [told(start, answered), told(start, refused('IDEMPOTENCY_KEY_REUSED'))],
      /ANSWER: anna: START was refused with IDEMPOTENCY_KEY_REUSED/,
    ],
    'that a start was refused as active without being asked to': [
      [told(start, refused('JOB_ALREADY_ACTIVE'))],
      /refused with JOB_ALREADY_ACTIVE/,
    ],
    "that one's own job is not found": [
      [told(cancel, refused('JOB_NOT_FOUND'))],
      /refused with JOB_NOT_FOUND/,
    ],
    'that something went wrong within': [[told(start, refused('INTERNAL'))], /refused with INTERNAL/],
  };
  it.each(Object.entries(cases))('%s', (_sentence, [answers, what]) => {
    expect(whats(observed(soundEvents, { answers }))).toEqual([expect.stringMatching(what)]);
  });

  it('that one key gave two jobs', () => {
    const twin = { ...otherRequest, type: input.type };
    const events = [...soundEvents, ...otherJob].map<Told>(([stream, type, facts]) =>
      facts?.request === otherRequest
        ? [stream, type, { ...facts, request: twin }]
        : [stream, type, facts ?? {}],
    );
    const answers = [told(start, answered), told(start, { ...answered, jobId: otherId, created: false })];
    expect(whats({ ...logAlone(events), answers })).toEqual([
      expect.stringMatching(/One key gave 1{8}.* and 2{8}/),
    ]);
  });

  it('nothing where a refusal is right, or the outcome is unknown', () => {
    const reused = { kind: 'START', input: { ...input, type: 'SYNC' } } as const;
    const answers = [
      told(start, answered),
      told(start, { kind: 'UNKNOWN' }),
      told(reused, refused('IDEMPOTENCY_KEY_REUSED')),
      told({ kind: 'START', input: { ...input, onConflict: 'REJECT' } }, refused('JOB_ALREADY_ACTIVE')),
      told(cancel, refused('JOB_NOT_FOUND'), 'ben'),
      told({ kind: 'RETRY', jobId }, refused('JOB_NOT_RETRYABLE')),
    ];
    expect(whats(observed(soundEvents, { answers }))).toEqual([]);
  });
});

describe('of what was seen it is found', () => {
  const sound = observed();
  const cases: Readonly<Record<string, readonly [differences: Partial<Observed>, what: RegExp]>> = {
    'that an older state came after a newer one': [
      { sightings: sound.sightings.toSpliced(4, 0, ...sound.sightings.slice(1, 2)) },
      /SIGHTING: anna's follower saw 1{8}.* at 0004 and then at 0002/,
    ],
    'that the last state was missed': [
      { sightings: sound.sightings.slice(0, -1) },
      /SIGHTING: anna's follower missed the last of/,
    ],
    'that a job was never seen': [{ sightings: [] }, /SIGHTING: anna's follower missed .* saw nothing/],
    'that something was seen that is not in the log': [
      { sightings: sound.sightings.map((each) => ({ ...each, position: `${each.position}x` })) },
      /SIGHTING: .*where the log has nothing of it/,
    ],
    'that a status was seen before its event': [
      { sightings: sound.sightings.map((each) => ({ ...each, status: 'SUCCEEDED' })) },
      /SIGHTING: .*SUCCEEDED, and the log has QUEUED/,
    ],
    'that the history was not whole': [
      { sightings: sound.sightings.map((each) => ({ ...each, transitions: each.transitions - 1 })) },
      /SIGHTING: .*saw 10 transitions of .*, and the log has 11/,
    ],
    'that a list lacks a job': [
      { shown: [{ server: 'server 1', user: owner, since: '', jobs: [] }] },
      /QUERY: server 1 shows anna 1{8}.* not at all/,
    ],
    'that a list has a job too many': [
      {
        shown: sound.shown.map((each) => ({
          ...each,
          jobs: each.jobs.flatMap((one) => [one, { ...one, id: 'x' }]),
        })),
      },
      /QUERY: server 1 shows anna x, which the log has not/,
    ],
    'that a list shows another status': [
      {
        shown: sound.shown.map((each) => ({
          ...each,
          jobs: each.jobs.map((one) => ({ ...one, status: 'FAILED' })),
        })),
      },
      /QUERY: .*FAILED instead of SUCCEEDED/,
    ],
    'that a list is behind': [
      {
        shown: sound.shown.map((each) => ({
          ...each,
          jobs: each.jobs.map((one) => ({ ...one, position: positionOf(10) })),
        })),
      },
      /QUERY: .*at 0010 instead of 0011/,
    ],
    'that a list lacks a transition': [
      {
        shown: sound.shown.map((each) => ({
          ...each,
          jobs: each.jobs.map((one) => ({ ...one, events: one.events.slice(1) })),
        })),
      },
      /QUERY: .*with JobStarted .* instead of JobQueued JobStarted/,
    ],
    'that the model was asked again what it had answered': [
      { questions: [...sound.questions, { at: momentAfter(8), transactionIds: ['b', 'a'] }] },
      /PAID_ONCE: 1{8}.* asked the model at .* about a, which was answered at/,
    ],
    'what nobody expects': [{ surprises: ['Process 7 outlived it'] }, /SURPRISE: Process 7 outlived it/],
  };
  it.each(Object.entries(cases))('%s', (_sentence, [differences, what]) => {
    expect(whats(observed(soundEvents, differences))).toEqual(
      expect.arrayContaining([expect.stringMatching(what)]),
    );
  });

  it('nothing where others saw less', () => {
    const watching = sound.sightings.slice(0, 3).map((each) => ({ ...each, witness: 'somebody else' }));
    const followers = [...sound.followers, { witness: followerOf('ben'), user: 'ben', since: '' }];
    const sightings = [...sound.sightings, ...watching];
    expect(whats(observed(soundEvents, { sightings, followers }))).toEqual([]);
  });
});
