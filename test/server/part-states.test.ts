import { describe, expect, it } from 'vitest';
import { OtherLogError } from '../../projections/other-log-error.js';
import type { ProjectorState } from '../../projections/projector.js';
import { UnwritableReadModelsError } from '../../projections/unwritable-read-models-error.js';
import { partStatesOf } from '../../src/server/part-states.js';

function readModels({
  state = { status: 'LIVE' },
  behindMs = 0,
  oldestMs = 0,
}: { state?: ProjectorState; behindMs?: number; oldestMs?: number } = {}) {
  const readSide = {
    projector: { state, behindMs, checkpoints: new Map([['jobs', '01']]) },
    lag: { oldestMs },
    progress: undefined,
    fractions: new Map<string, number>(),
    trouble: undefined,
  };
  const store = { trouble: undefined };
  return partStatesOf({ store, readSide, sagaHost: { isStarted: true }, runner: { isStopped: false } })
    .readModels;
}

describe('the read models in /readyz', () => {
  it('are ready while what was just appended is on its way back', () => {
    expect(readModels({ oldestMs: 4_000 })).toMatchObject({
      ...{ ready: true, status: 'LIVE', behind: { seconds: 0, shareOfLog: 0 } },
      parts: { jobs: { ready: true, status: 'LIVE' } },
    });
  });

  it('are stalled where it does not come back', () => {
    expect(readModels({ oldestMs: 5_500 })).toMatchObject({
      ...{ ready: false, status: 'STALLED', behind: { seconds: 5.5, shareOfLog: null } },
      reason: 'What this server appended does not come back from the event store.',
      parts: { jobs: { ready: false, status: 'STALLED' } },
    });
  });

  it('catch up after a gap in the connection, although they show all that they knew', () => {
    expect(readModels({ behindMs: 700 })).toMatchObject({
      ...{ ready: false, status: 'CATCHING_UP', behind: { seconds: 0.7, shareOfLog: null } },
    });
  });

  it('say why they have failed where that was written for people, and the code of anything else', () => {
    const failed = (error: Error) => readModels({ state: { status: 'FAILED', error } })?.reason;
    expect(failed(new OtherLogError('REPLACED'))).toMatch(/^The event store was restored/);
    const raw = Object.assign(new Error('SELECT secret FROM /srv/jobs'), { code: 'SQLITE_FULL' });
    expect(failed(raw)).toBe('They stopped (SQLITE_FULL); the log tells more.');
    expect(failed(new UnwritableReadModelsError('FULL', { cause: raw }))).toMatch(/^The disk .* is full/);
  });
});
