import { expect, it } from 'vitest';
import { jobId, logOf, otherId, otherJob, soundEvents } from './sound-history.js';
import { counted, toldOf } from './tell.js';

const log = logOf([...soundEvents.slice(0, 4), ...otherJob]);

it('tells a violation with the events of its job alone, in its stream and in its lane', () => {
  const told = toldOf([{ rule: 'END', what: 'It never ends', jobIds: [jobId] }], log);

  expect(told.split('\n').map((line) => line.trim().split(' ').slice(0, 4).join(' '))).toEqual([
    'END: It never ends',
    '0000 lane-household@0 2026-03-02T09:00:00.000Z JobAdmitted',
    `0001 job-${jobId}@0 2026-03-02T09:00:01.000Z JobQueued`,
    `0002 job-${jobId}@1 2026-03-02T09:00:02.000Z JobStarted`,
    `0003 job-${jobId}@2 2026-03-02T09:00:03.000Z StepStarted`,
  ]);
  expect(told).not.toContain(otherId);
});

it('tells the first ten violations, and how many more there are', () => {
  const violations = Array.from({ length: 12 }, (_, n) => ({
    ...{ rule: 'SURPRISE' as const, what: `No. ${n}`, jobIds: [] },
  }));
  expect(toldOf(violations, log).split('\n').slice(-2)).toEqual(['SURPRISE: No. 9', '... and 2 more']);
});

it('counts by name', () => {
  expect(counted(['b', 'a', 'b'])).toBe('1 a, 2 b');
});
