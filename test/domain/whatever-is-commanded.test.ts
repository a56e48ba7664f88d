import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decide-job.js';
import { jobEventSchema, type JobEvent, type JobEventType } from '../../src/domain/job-events.js';
import { evolve, hasEnded, noJob } from '../../src/domain/job.js';
import { anyHistory, anyTurns } from '../support/arbitrary-jobs.js';

/** Holds for whatever sequence of commands a job is put through. */
function always(property: (history: readonly JobEvent[]) => void): void {
  fc.assert(fc.property(anyHistory, property), { numRuns: 500 });
}

function ofType<T extends JobEventType>(history: readonly JobEvent[], type: T) {
  return history.filter((event): event is Extract<JobEvent, { type: T }> => event.type === type);
}

function planOf(history: readonly JobEvent[]) {
  return ofType(history, 'JobQueued').flatMap(({ request }) => request.plan);
}

const ends: readonly JobEventType[] = ['JobSucceeded', 'JobFailed', 'JobCanceled'];

describe('whatever a job is put through', () => {
  it('can be all that a job can come to: these properties speak of something', () => {
    const samples = fc.sample(anyHistory, { numRuns: 500, seed: 4 });
    const seen = new Set(samples.flat().map(({ type }) => type));
    const types = new Set(jobEventSchema.options.map(({ shape }) => shape.type.value));
    // An id that stands for another job never has a life of its own.
    types.delete('StartReferred');
    expect(seen).toEqual(types);
  });

  it('begins once', () => {
    always((history) => {
      expect(history[0]?.type).toBe('JobQueued');
      expect(ofType(history, 'JobQueued')).toHaveLength(1);
    });
  });

  it('runs its steps in order', () => {
    always((history) => {
      for (const [index, event] of history.entries()) {
        if (event.type !== 'StepStarted') continue;
        const done = ofType(history.slice(0, index), 'StepSucceeded').map(({ step }) => step);
        const carried = planOf(history).flatMap((planned) => (planned.carried?.result ? [planned.step] : []));
        for (let step = 1; step < event.step; step += 1) expect([...done, ...carried]).toContain(step);
      }
    });
  });

  it('has one success a step, and none of a step that was carried over', () => {
    always((history) => {
      const done = ofType(history, 'StepSucceeded').map(({ step }) => step);
      expect(new Set(done).size).toBe(done.length);
      const carried = planOf(history).filter((planned) => planned.carried?.result);
      for (const { step } of carried) expect(done).not.toContain(step);
    });
  });

  it('counts the attempts of each step from 1', () => {
    always((history) => {
      for (const { step } of planOf(history)) {
        const attempts = ofType(history, 'StepStarted').filter((event) => event.step === step);
        expect(attempts.map(({ attempt }) => attempt)).toEqual(attempts.map((_each, index) => index + 1));
      }
    });
  });

  it('counts the answered batches of each step, carried ones included', () => {
    always((history) => {
      for (const { step, carried } of planOf(history)) {
        const before = carried?.progress.length ?? 0;
        const advances = ofType(history, 'StepAdvanced').filter((event) => event.step === step);
        const batches = advances.map(({ progress }) => progress.batch);
        expect(batches).toEqual(advances.map((_each, index) => before + index + 1));
      }
    });
  });

  it('hears about an attempt only while that attempt runs', () => {
    const reports = ['StepAdvanced', 'StepSucceeded', 'StepAttemptFailed', 'StepInterrupted'];
    always((history) => {
      let running: { step: number; attempt: number } | null = null;
      for (const event of history) {
        if (event.type === 'StepStarted') {
          expect(running).toBeNull();
          running = { step: event.step, attempt: event.attempt };
        } else if (reports.includes(event.type)) {
          expect(running).toMatchObject({ ...('step' in event && { step: event.step }) });
          if ('attempt' in event) expect(running?.attempt).toBe(event.attempt);
          if (event.type !== 'StepAdvanced') running = null;
        } else if (event.type === 'StepFailed') {
          running = null;
        }
      }
    });
  });

  it('has ended when it has: nothing but one JobExpired follows', () => {
    always((history) => {
      const end = history.findIndex(({ type }) => ends.includes(type));
      const after = end < 0 ? [] : history.slice(end + 1).map(({ type }) => type);
      expect([[], ['JobExpired']]).toContainEqual(after);
      if (end < 0) expect(ofType(history, 'JobExpired')).toEqual([]);
    });
  });

  it('ends as it should: succeeded with all steps, failed with one, canceled where that was wanted', () => {
    always((history) => {
      const job = history.reduce(evolve, noJob);
      if (job.status === 'NONE') throw new Error('every history begins with JobQueued');
      const statuses = job.steps.map(({ status }) => status);
      if (ofType(history, 'JobSucceeded').length > 0)
        expect(new Set(statuses)).toEqual(new Set(['SUCCEEDED']));
      if (ofType(history, 'JobFailed').length > 0) {
        expect(statuses.filter((status) => status === 'FAILED')).toHaveLength(1);
        expect(statuses).not.toContain('QUEUED');
      }
      if (ofType(history, 'JobCanceled').length > 0) {
        expect(ofType(history, 'CancelRequested')).toHaveLength(1);
        expect(statuses).toContain('CANCELED');
      }
      const unfinished = ['QUEUED', 'RUNNING', 'WAITING', 'INTERRUPTED'];
      if (hasEnded(job)) expect(statuses.filter((status) => unfinished.includes(status))).toEqual([]);
    });
  });

  it('starts nothing after it was to be canceled', () => {
    always((history) => {
      const request = history.findIndex(({ type }) => type === 'CancelRequested');
      const after = request < 0 ? [] : history.slice(request).map(({ type }) => type);
      expect(after).not.toContain('JobStarted');
      expect(after).not.toContain('StepStarted');
    });
  });

  it('has times that never go back', () => {
    always((history) => {
      const times = history.map(({ at }) => at);
      expect(times).toEqual([...times].sort());
    });
  });

  it('can be written down and read again', () => {
    always((history) => {
      const read = (JSON.parse(JSON.stringify(history)) as unknown[]).map((each) =>
        jobEventSchema.parse(each),
      );
      expect(read).toStrictEqual(history);
    });
  });
});

describe('whatever command', () => {
  it('is repeated, it yields nothing the second time', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        for (const { after, command } of turns) expect(decide(after, command)).toEqual([]);
      }),
    );
  });

  it('is decided, the same comes of it each time, and neither job nor command is touched', () => {
    fc.assert(
      fc.property(anyTurns, (turns) => {
        for (const { before, command, events } of turns) {
          expect(decide(frozen(before), frozen(command))).toStrictEqual(events);
          events.map(frozen).reduce((job, event) => frozen(evolve(job, event)), frozen(before));
        }
      }),
    );
  });
});

/** Throws where somebody writes to it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
