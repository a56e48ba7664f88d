import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameRequest } from '../../src/domain/job-request.js';
import type { LaneEvent } from '../../src/domain/lane-events.js';
import {
  decideAdmission,
  decideRelease,
  emptyLane,
  evolveLane,
  headOf,
  positionIn,
  type AdmissionDecision,
  type AdmitJob,
  type ConflictPolicy,
  type Lane,
} from '../../src/domain/lane.js';
import { anyInstant } from '../support/arbitrary-jobs.js';
import { combinedRequest, syncRequest } from '../support/job-history.js';

const requests = [syncRequest, combinedRequest, { ...syncRequest, ownerId: 'bert' }];

const jobIds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const policies: readonly ConflictPolicy[] = ['RETURN_EXISTING', 'QUEUE', 'REJECT'];

interface Visit extends AdmitJob {
  readonly isRelease: boolean;
}

const anyVisit = (onConflict: readonly ConflictPolicy[]): fc.Arbitrary<Visit> =>
  fc.record({
    at: anyInstant,
    jobId: fc.constantFrom(...jobIds),
    request: fc.constantFrom(...requests),
    onConflict: fc.constantFrom(...onConflict),
    settledJobIds: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray(jobIds, { maxLength: 3 }) },
    ),
    isRelease: fc.constantFrom(false, false, true),
  });

interface Turn {
  readonly before: Lane;
  readonly visit: Visit;
  readonly decision: AdmissionDecision | null;
  readonly events: readonly LaneEvent[];
  readonly after: Lane;
}

function turn(before: Lane, visit: Visit): Turn {
  const decision = visit.isRelease ? null : decideAdmission(before, visit);
  const events = decision ? eventsOf(decision) : decideRelease(before, visit.jobId, visit.at);
  return { before, visit, decision, events, after: events.reduce(evolveLane, before) };
}

const eventsOf = (decision: AdmissionDecision) => (decision.outcome === 'ADMITTED' ? decision.events : []);

/** Holds for whatever sequence of admissions and releases a lane sees. */
function always(property: (turns: readonly Turn[]) => void, onConflict = policies): void {
  const anyTurns = fc
    .array(anyVisit(onConflict), { maxLength: 30, size: 'max' })
    .map((visits) =>
      visits.reduce<readonly Turn[]>(
        (turns, visit) => [...turns, turn(turns.at(-1)?.after ?? emptyLane, visit)],
        [],
      ),
    );
  fc.assert(fc.property(anyTurns, property), { numRuns: 500 });
}

const idsOf = ({ admissions }: Lane) => admissions.map(({ jobId }) => jobId);

describe('whoever comes to a lane', () => {
  it('finds each job in it once, and one head wherever there is a job', () => {
    always((turns) => {
      for (const { after } of turns) {
        const ids = idsOf(after);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((jobId) => positionIn(after, jobId) === 0)).toEqual(ids.slice(0, 1));
        expect(headOf(after)?.jobId).toBe(ids[0]);
      }
    });
  });

  it('stands behind those who came before, and is never overtaken', () => {
    always((turns) => {
      for (const { before, decision, visit, after } of turns) {
        const stayed = idsOf(before).filter((jobId) => idsOf(after).includes(jobId) && jobId !== visit.jobId);
        expect(idsOf(after).filter((jobId) => stayed.includes(jobId))).toEqual(stayed);
        if (decision?.outcome === 'ADMITTED') expect(idsOf(after).at(-1)).toBe(visit.jobId);
      }
    });
  });

  it('never finds two of one request waiting behind the head', () => {
    always((turns) => {
      for (const { after } of turns) {
        for (const request of requests) {
          const waiting = after.admissions.slice(1).filter((each) => isSameRequest(each.request, request));
          expect(waiting.length).toBeLessThanOrEqual(1);
        }
      }
    });
  });

  it('finds one of each request where nobody asked to queue', () => {
    always(
      (turns) => {
        for (const { after } of turns) {
          for (const request of requests) {
            const all = after.admissions.filter((each) => isSameRequest(each.request, request));
            expect(all.length).toBeLessThanOrEqual(1);
          }
        }
      },
      ['RETURN_EXISTING', 'REJECT'],
    );
  });

  it('is answered with a job that is in the lane, has not ended, and asks for the same or has the same id', () => {
    always((turns) => {
      for (const { decision, visit, after } of turns) {
        if (!decision || decision.outcome === 'ADMITTED') continue;
        const answer = after.admissions.find(({ jobId }) => jobId === decision.jobId);
        expect(visit.settledJobIds).not.toContain(decision.jobId);
        expect(answer && (isSameRequest(answer.request, visit.request) || answer.jobId === visit.jobId)).toBe(
          true,
        );
      }
    });
  });

  it('releases all who have ended when it is admitted', () => {
    always((turns) => {
      for (const { decision, visit, after } of turns) {
        if (decision?.outcome !== 'ADMITTED') continue;
        const ended = visit.settledJobIds.filter((jobId) => jobId !== visit.jobId);
        for (const jobId of ended) expect(idsOf(after)).not.toContain(jobId);
      }
    });
  });

  it('changes nothing by coming again at once', () => {
    always((turns) => {
      for (const { after, visit } of turns) {
        expect(turn(after, { ...visit, settledJobIds: [] }).events).toEqual([]);
      }
    });
  });

  it('never sees time go back', () => {
    always((turns) => {
      const times = turns.flatMap(({ events }) => events.map(({ at }) => at));
      expect(times).toEqual([...times].sort());
    });
  });
});
