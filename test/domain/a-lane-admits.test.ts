import { describe, expect, it } from 'vitest';
import type { JobRequest } from '../../src/domain/job-request.js';
import {
  admissionOf,
  decideAdmission,
  decideRelease,
  headOf,
  positionIn,
  type AdmitJob,
} from '../../src/domain/lane.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import { combinedRequest, minutesAfter, now, syncRequest } from '../support/job-history.js';
import { admitted, laneAfter, released } from '../support/lane-history.js';

const otherType = combinedRequest;
const otherOwner: JobRequest = { ...syncRequest, ownerId: 'bert' };
const byDefault = {
  onConflict: 'RETURN_EXISTING',
  settledJobIds: [],
  request: syncRequest,
  at: now,
} as const;

/** `givenLane(...history).whenAdmitting(command)`: what becomes of a request for a job. */
function givenLane(...history: readonly LaneEvent[]) {
  const lane = laneAfter(...history);
  return {
    whenAdmitting: (command: Pick<AdmitJob, 'jobId'> & Partial<AdmitJob>) => {
      const decision = decideAdmission(lane, { ...byDefault, ...command });
      return {
        then: (...events: readonly LaneEvent[]) =>
          expect(decision).toStrictEqual({ outcome: 'ADMITTED', events }),
        thenExisting: (jobId: string) => expect(decision).toStrictEqual({ outcome: 'EXISTING', jobId }),
        thenRejectedFor: (jobId: string) => expect(decision).toStrictEqual({ outcome: 'REJECTED', jobId }),
      };
    },
    whenReleasing: (jobId: string, at = now) => ({
      then: (...events: readonly LaneEvent[]) => expect(decideRelease(lane, jobId, at)).toStrictEqual(events),
    }),
  };
}

describe('a lane', () => {
  it('keeps jobs in the order of their arrival; the first one may run', () => {
    const lane = laneAfter(admitted('a'), admitted('b', otherType), admitted('c', otherOwner));
    expect(headOf(lane)).toEqual({ jobId: 'a', request: syncRequest });
    expect(['a', 'b', 'c', 'd'].map((jobId) => positionIn(lane, jobId))).toEqual([0, 1, 2, null]);
  });

  it('moves on when a job is released', () => {
    const lane = laneAfter(admitted('a'), admitted('b', otherType), released('a'));
    expect(headOf(lane)?.jobId).toBe('b');
    expect(admissionOf(lane, 'a')).toBeUndefined();
  });

  it('is empty at first, and again when all are released', () => {
    expect(headOf(laneAfter())).toBeUndefined();
    expect(headOf(laneAfter(admitted('a'), released('a')))).toBeUndefined();
  });

  it('is known without its beginning, which is cut now and then', () => {
    expect(laneAfter(released('cut away'), admitted('b'))).toEqual(laneAfter(admitted('b')));
  });
});

describe('a request', () => {
  it('is admitted into an empty lane', () => {
    givenLane().whenAdmitting({ jobId: 'a' }).then(admitted('a'));
  });

  it('is admitted behind a job of another type, input or owner', () => {
    givenLane(admitted('a', otherType)).whenAdmitting({ jobId: 'b' }).then(admitted('b'));
    givenLane(admitted('a', otherOwner)).whenAdmitting({ jobId: 'b' }).then(admitted('b'));
    const otherInput = { ...otherType, input: { batch: { transactionIds: ['t'] } } };
    givenLane(admitted('a', otherType))
      .whenAdmitting({ jobId: 'b', request: otherInput })
      .then(admitted('b', otherInput));
  });

  it('is admitted once under one id', () => {
    for (const onConflict of ['RETURN_EXISTING', 'QUEUE', 'REJECT'] as const) {
      givenLane(admitted('a')).whenAdmitting({ jobId: 'a', onConflict }).thenExisting('a');
    }
  });

  it('is admitted anew when the same one has ended', () => {
    givenLane(admitted('a'), released('a')).whenAdmitting({ jobId: 'b' }).then(admitted('b'));
  });
});

describe('a request that is active already', () => {
  it('is answered with the job that there is', () => {
    givenLane(admitted('a')).whenAdmitting({ jobId: 'b', onConflict: 'RETURN_EXISTING' }).thenExisting('a');
  });

  it('is answered with the first one where there are two', () => {
    givenLane(admitted('a'), admitted('b'))
      .whenAdmitting({ jobId: 'c', onConflict: 'RETURN_EXISTING' })
      .thenExisting('a');
  });

  it('is refused where that is wanted', () => {
    givenLane(admitted('other', otherType), admitted('a'))
      .whenAdmitting({ jobId: 'b', onConflict: 'REJECT' })
      .thenRejectedFor('a');
  });

  it('is queued once more behind the running one where that is wanted', () => {
    givenLane(admitted('a')).whenAdmitting({ jobId: 'b', onConflict: 'QUEUE' }).then(admitted('b'));
  });

  it('never waits twice', () => {
    givenLane(admitted('a'), admitted('b'))
      .whenAdmitting({ jobId: 'c', onConflict: 'QUEUE' })
      .thenExisting('b');
    givenLane(admitted('other', otherType), admitted('a'))
      .whenAdmitting({ jobId: 'b', onConflict: 'QUEUE' })
      .thenExisting('a');
  });
});

describe('a job that has ended and is still in the lane', () => {
  it('is released in the same breath, so that it answers no request', () => {
    for (const onConflict of ['RETURN_EXISTING', 'QUEUE', 'REJECT'] as const) {
      givenLane(admitted('ended'))
        .whenAdmitting({ jobId: 'b', onConflict, settledJobIds: ['ended'] })
        .then(released('ended'), admitted('b'));
    }
  });

  it('makes room for one more in the queue', () => {
    givenLane(admitted('ended'), admitted('b'))
      .whenAdmitting({ jobId: 'c', onConflict: 'QUEUE', settledJobIds: ['ended'] })
      .then(released('ended'), admitted('c'));
  });

  it('may have the very id of the request', () => {
    givenLane(admitted('a'))
      .whenAdmitting({ jobId: 'a', settledJobIds: ['a'] })
      .then(released('a'), admitted('a'));
  });

  it('stays where nobody is admitted', () => {
    givenLane(admitted('ended'), admitted('b'))
      .whenAdmitting({ jobId: 'c', settledJobIds: ['ended'] })
      .thenExisting('b');
  });
});

describe('a release', () => {
  it('takes the job out of the lane, once', () => {
    givenLane(admitted('a')).whenReleasing('a').then(released('a'));
    givenLane(admitted('a'), released('a')).whenReleasing('a').then();
  });

  it('of a job that is not in the lane changes nothing', () => {
    givenLane(admitted('a')).whenReleasing('b').then();
  });
});

describe('time in a lane', () => {
  const later = minutesAfter(now, 5);

  it('never goes back', () => {
    givenLane(admitted('a', syncRequest, later))
      .whenAdmitting({ jobId: 'b', onConflict: 'QUEUE', at: now })
      .then(admitted('b', syncRequest, later));
    givenLane(admitted('a', syncRequest, later))
      .whenReleasing('a', now)
      .then(released('a', later));
  });

  it('is that of the command', () => {
    givenLane(admitted('a')).whenReleasing('a', later).then(released('a', later));
  });
});
