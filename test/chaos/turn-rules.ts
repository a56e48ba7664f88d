import { isSameRequest } from '../../src/domain/job-request.js';
import { budgetIdOf, jobIdOf, jobPrefix, lanePrefix } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import type { Queued } from '../exploration/lane-rules.js';
import { asJobEvent, asLaneEvent } from './chronicle.js';
import type { Violation } from './violation.js';

/** Whether the jobs of a lane ran one at a time, in their turn, by what the log says in its order. */
export function faultsOfTurns(log: readonly RecordedEvent[]): readonly Violation[] {
  const reader = new TurnReader();
  for (const event of log) reader.read(event);
  return reader.found;
}

const claimEnds = ['StepSucceeded', 'StepAttemptFailed', 'StepFailed', 'StepInterrupted', 'JobCanceled'];
const ends = ['JobSucceeded', 'JobFailed', 'JobCanceled'];

class TurnReader {
  readonly found: Violation[] = [];
  readonly #queues = new Map<string, readonly Queued[]>();
  readonly #laneOf = new Map<string, string>();
  readonly #running = new Map<string, string>();
  readonly #over = new Set<string>();

  read(event: RecordedEvent): void {
    if (event.stream.startsWith(lanePrefix)) this.#readLane(budgetIdOf(event.stream), event);
    if (event.stream.startsWith(jobPrefix)) this.#readJob(jobIdOf(event.stream), event);
  }

  #readLane(laneId: string, recorded: RecordedEvent): void {
    const event = asLaneEvent(recorded);
    const { jobId } = event;
    const queue = this.#queues.get(laneId) ?? [];
    if (event.type === 'JobReleased') {
      const after = queue.filter((each) => each.jobId !== jobId);
      this.#queues.set(laneId, after);
      if (queue.length > after.length && !this.#over.has(jobId)) {
        this.#say(`${jobId} was released from lane ${laneId} and is not over`, jobId);
      }
      return;
    }
    const [, ...waiting] = queue;
    const equal = waiting.find(
      (each) => !this.#over.has(each.jobId) && isSameRequest(each.request, event.request),
    );
    if (equal)
      this.#say(`${jobId} waits in lane ${laneId} behind its equal ${equal.jobId}`, jobId, equal.jobId);
    this.#queues.set(laneId, [...queue, { jobId, request: event.request }]);
  }

  #readJob(jobId: string, recorded: RecordedEvent): void {
    const event = asJobEvent(recorded);
    if (event.type === 'JobQueued') this.#laneOf.set(jobId, event.request.budgetId);
    if (event.type === 'StartReferred' || ends.includes(event.type)) this.#over.add(jobId);
    const laneId = this.#laneOf.get(jobId) ?? '';
    const running = this.#running.get(laneId);
    if (event.type === 'StepStarted') {
      const [head] = this.#queues.get(laneId) ?? [];
      if (running !== undefined) {
        this.#say(`${jobId} was claimed in lane ${laneId} while ${running} ran`, jobId, running);
      }
      if (head?.jobId !== jobId) {
        this.#say(`${jobId} was claimed in lane ${laneId} and is not at its head`, jobId, head?.jobId);
      }
      this.#running.set(laneId, jobId);
    }
    if (claimEnds.includes(event.type) && running === jobId) this.#running.delete(laneId);
  }

  #say(what: string, ...jobIds: readonly (string | undefined)[]): void {
    const known = [...new Set(jobIds.filter((id) => id !== undefined))];
    this.found.push({ rule: 'ONE_AT_A_TIME', what, jobIds: known });
  }
}
