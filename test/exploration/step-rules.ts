import { jobIdOf, jobPrefix, jobStream, budgetIdOf } from '../../src/domain/streams.js';
import { positionText } from './model-store.js';
import type { Operation, Task } from './task.js';
import type { View } from './view.js';
import type { Fiber, World } from './world.js';

/** What is wrong with what a task just did; null: nothing. */
export function faultOfStep(
  view: View,
  before: World,
  after: World,
  operation: Operation,
  { progress: { outcome, task }, shown }: Fiber,
): string | null {
  if (outcome?.kind === 'THREW') return `It threw: ${outcome.message}`;
  if (outcome?.kind === 'JOB' && positionToShow(view, after, outcome.jobId, task) > shown) {
    return `It answered with ${outcome.jobId} before queries show it`;
  }
  if (before.store === after.store) return null;
  const { stream } = operation;
  if (operation.kind === 'APPEND') {
    return stream.startsWith(jobPrefix)
      ? faultOfJobAppend(view, after, jobIdOf(stream), operation)
      : faultOfLaneAppend(view, before, budgetIdOf(stream), operation);
  }
  if (operation.kind !== 'DELETE') return null;
  const { isExpired, refersTo } = view.told(before, jobIdOf(stream));
  const isReferenceToNothing = refersTo !== null && !isKept(view, before, refersTo);
  return isExpired || isReferenceToNothing ? null : `${stream} was deleted and is needed`;
}

/** What users find when they look at what they were told. */
function positionToShow(view: View, { store }: World, jobId: string, { kind }: Task): string {
  const { events } = view.streams.get(store, jobStream(jobId));
  const told = kind === 'CANCEL' ? events.find(({ type }) => endsOrCancels.includes(type)) : events[0];
  return told ? positionText(told.position) : '';
}

const endsOrCancels = ['CancelRequested', 'JobSucceeded', 'JobFailed', 'JobCanceled'];

type Append = Extract<Operation, { kind: 'APPEND' }>;

function faultOfJobAppend(view: View, after: World, jobId: string, { facts }: Append): string | null {
  const types = facts.map(({ type }) => type);
  const { request } = view.told(after, jobId);
  if (request === null) return null;
  const queue = view.queueOf(after, request.budgetId);
  if (types.includes('StepStarted') && queue[0]?.jobId !== jobId) {
    return `${jobId} was started and is not at the head of its lane`;
  }
  if (types.includes('JobExpired') && queue.some((each) => each.jobId === jobId)) {
    return `${jobId} expired and stands in its lane`;
  }
  return null;
}

function faultOfLaneAppend(view: View, before: World, laneId: string, { facts }: Append): string | null {
  const released = facts.filter(({ type }) => type === 'JobReleased').map(({ data }) => String(data.jobId));
  const unsettled = released.find((jobId) => !view.isSettled(before, jobId, laneId));
  return unsettled === undefined ? null : `${unsettled} was released and is not over`;
}

function isKept(view: View, world: World, jobId: string): boolean {
  const { request, isExpired } = view.told(world, jobId);
  return request !== null && !isExpired;
}
