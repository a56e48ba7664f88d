import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { faultOfJob } from '../exploration/job-rules.js';
import { faultOfLane } from '../exploration/lane-rules.js';
import { asJobEvent, asLaneEvent, asModelStream, hasEnded, isReferral, type Chronicle } from './chronicle.js';
import type { Violation } from './violation.js';

/** What is wrong with the jobs' lives, each by itself. */
export function faultsOfJobs({ jobs }: Chronicle): readonly Violation[] {
  return [...jobs].flatMap(([id, history]) => {
    const fault = faultOfJob(asModelStream(history));
    const twice = answeredTwice(history);
    return [
      ...(fault === null ? [] : [violation('HISTORY', `${id}: ${fault}`, id)]),
      ...(twice === undefined
        ? []
        : [violation('PAID_ONCE', `${id}: transaction ${twice} was answered twice`, id)]),
    ];
  });
}

/** Whoever was let into a lane is a job that ended and left it, and nobody else is one. */
export function faultsAtRest({ jobs, lanes }: Chronicle): readonly Violation[] {
  const found: Violation[] = [];
  const admitted = new Set<string>();
  for (const [laneId, events] of lanes) {
    const fault = faultOfLane(asModelStream(events));
    if (fault !== null) found.push(violation('LANE', `Lane ${laneId}: ${fault}`, ...idIn(fault)));
    const inside = new Set<string>();
    for (const event of events.map(asLaneEvent)) {
      admitted.add(event.jobId);
      if (event.type === 'JobAdmitted') inside.add(event.jobId);
      else inside.delete(event.jobId);
    }
    for (const id of inside) {
      const history = jobs.get(id) ?? [];
      const how = history.length === 0 ? 'has no event' : hasEnded(history) ? 'has ended' : 'never ends';
      found.push(violation('END', `${id} stands in lane ${laneId} for ever and ${how}`, id));
    }
  }
  for (const [id, history] of jobs) {
    if (isReferral(history)) continue;
    if (!hasEnded(history)) found.push(violation('END', `${id} never ends`, id));
    if (!admitted.has(id)) found.push(violation('LANE', `${id} was never let into a lane`, id));
  }
  return found;
}

/** Two events of one id: whoever repeats an append could take somebody else's for it. */
export function faultsOfIds(log: readonly RecordedEvent[]): readonly Violation[] {
  const known = new Map<string, RecordedEvent>();
  const found: Violation[] = [];
  for (const event of log) {
    const before = known.get(event.id);
    if (before) {
      const what = `${event.stream} at ${event.revision} has the id of ${before.stream} at ${before.revision}`;
      found.push({ rule: 'EVENT_ID', what, jobIds: [] });
    }
    known.set(event.id, event);
  }
  return found;
}

function answeredTwice(history: readonly RecordedEvent[]): string | undefined {
  const known = new Set<string>();
  for (const id of history.map(asJobEvent).flatMap(transactionsAnsweredIn)) {
    if (known.has(id)) return id;
    known.add(id);
  }
  return undefined;
}

/** By the job itself, or by the one that it goes on from. */
export function transactionsAnsweredIn(event: ReturnType<typeof asJobEvent>): readonly string[] {
  const parts =
    event.type === 'StepAdvanced'
      ? [event.progress]
      : event.type === 'JobQueued'
        ? event.request.plan.flatMap(({ carried }) => carried?.progress ?? [])
        : [];
  return parts.flatMap(({ suggestions, unanswered }) => [
    ...suggestions.map(({ transactionId }) => transactionId),
    ...unanswered,
  ]);
}

function idIn(fault: string): readonly string[] {
  return /[\da-f]{8}-[\da-f-]{27}/.exec(fault) ?? [];
}

function violation(rule: Violation['rule'], what: string, ...jobIds: readonly string[]): Violation {
  return { rule, what, jobIds };
}
