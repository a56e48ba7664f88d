import { isSameRequest, type JobRequest } from './job-request.js';
import type { LaneEvent } from './lane-events.js';

/** The queue of one budget: jobs in the order of their admission. Its head may run; nobody has to say so. */
export interface Lane {
  readonly admissions: readonly Admission[];
  readonly lastEventAt: string;
}

export interface Admission {
  readonly jobId: string;
  readonly request: JobRequest;
}

/** What to do when the same request is still active: see `decideAdmission`. */
export type ConflictPolicy = 'RETURN_EXISTING' | 'QUEUE' | 'REJECT';

export interface AdmitJob {
  readonly at: string;
  readonly jobId: string;
  readonly request: JobRequest;
  readonly onConflict: ConflictPolicy;
  /** Jobs of this lane that have ended or belong to another lane: they are released in the same breath. */
  readonly settledJobIds: readonly string[];
}

export type AdmissionDecision =
  | { readonly outcome: 'ADMITTED'; readonly events: readonly LaneEvent[] }
  /** The request is answered by a job that is already in the lane. */
  | { readonly outcome: 'EXISTING'; readonly jobId: string }
  /** The same request is active, and the policy says to refuse. */
  | { readonly outcome: 'REJECTED'; readonly jobId: string };

export const emptyLane: Lane = { admissions: [], lastEventAt: '' };

export function headOf(lane: Lane): Admission | undefined {
  return lane.admissions[0];
}

export function admissionOf(lane: Lane, jobId: string): Admission | undefined {
  return lane.admissions.find((admission) => admission.jobId === jobId);
}

/** Jobs ahead of this one; null where it is not in the lane. */
export function positionIn(lane: Lane, jobId: string): number | null {
  const index = lane.admissions.findIndex((admission) => admission.jobId === jobId);
  return index < 0 ? null : index;
}

/**
 * Lets a job into the lane, or says which one answers the request. With `QUEUE` the same request may wait
 * once behind the lane's head, and never twice: of ten clicks come one running job and one next.
 */
export function decideAdmission(lane: Lane, command: AdmitJob): AdmissionDecision {
  const staying = lane.admissions.filter(({ jobId }) => !command.settledJobIds.includes(jobId));
  const known = staying.find(({ jobId }) => jobId === command.jobId);
  if (known) return { outcome: 'EXISTING', jobId: known.jobId };
  const same = staying.filter(({ request }) => isSameRequest(request, command.request));
  const existing = answeredBy(same, staying[0], command.onConflict);
  if (existing) {
    const outcome = command.onConflict === 'REJECT' ? 'REJECTED' : 'EXISTING';
    return { outcome, jobId: existing.jobId };
  }
  const at = laterOf(lane.lastEventAt, command.at);
  const released = lane.admissions.filter((admission) => !staying.includes(admission));
  return {
    outcome: 'ADMITTED',
    events: [
      ...released.map(({ jobId }) => ({ type: 'JobReleased' as const, v: 1 as const, at, jobId })),
      { type: 'JobAdmitted', v: 1, at, jobId: command.jobId, request: command.request },
    ],
  };
}

function answeredBy(
  same: readonly Admission[],
  head: Admission | undefined,
  policy: ConflictPolicy,
): Admission | undefined {
  switch (policy) {
    case 'RETURN_EXISTING':
    case 'REJECT':
      return same[0];
    case 'QUEUE':
      return same.find((admission) => admission !== head);
    default:
      return policy satisfies never;
  }
}

/** Takes a job out of the lane; nothing where it is not there. */
export function decideRelease(lane: Lane, jobId: string, now: string): readonly LaneEvent[] {
  return admissionOf(lane, jobId)
    ? [{ type: 'JobReleased', v: 1, at: laterOf(lane.lastEventAt, now), jobId }]
    : [];
}

export function evolveLane(lane: Lane, event: LaneEvent): Lane {
  switch (event.type) {
    case 'JobAdmitted':
      return {
        admissions: [...lane.admissions, { jobId: event.jobId, request: event.request }],
        lastEventAt: event.at,
      };
    case 'JobReleased':
      // The admission may lie in the part of the lane that was cut.
      return {
        admissions: lane.admissions.filter(({ jobId }) => jobId !== event.jobId),
        lastEventAt: event.at,
      };
    default:
      return event satisfies never;
  }
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
