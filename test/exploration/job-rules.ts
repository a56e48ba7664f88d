import type { JobEvent } from '../../src/domain/job-events.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import { isSameClaim } from './task.js';
import type { Claim } from '../../src/domain/decide-job.js';
import type { ModelStream } from './model-store.js';

/** What a job's stream says, read without the code that is checked. */
export interface Told {
  readonly request: JobRequest | null;
  readonly isActive: boolean;
  readonly isExpired: boolean;
  readonly hasFailed: boolean;
  readonly isCanceled: boolean;
  readonly cancelRequested: boolean;
  /** What the id stands for, where it is no job's. */
  readonly refersTo: string | null;
  /** Under which the current step runs. */
  readonly claim: Claim | null;
  readonly isWaiting: boolean;
  /** Every one that there ever was. */
  readonly claims: readonly Claim[];
}

const terminal = ['JobSucceeded', 'JobFailed', 'JobCanceled'];

export function toldBy(stream: ModelStream): Told {
  const events = eventsOf(stream);
  const first = events[0];
  const request = first?.type === 'JobQueued' || first?.type === 'StartReferred' ? first.request : null;
  const types = events.map(({ type }) => type);
  const claims = events.flatMap((event) =>
    event.type === 'StepStarted'
      ? [{ step: event.step, attempt: event.attempt, runnerId: event.runnerId }]
      : [],
  );
  const ofAttempts = events.filter(({ type }) => type.startsWith('Step') && type !== 'StepAdvanced').at(-1);
  const isActive = first?.type === 'JobQueued' && !types.some((type) => terminal.includes(type));
  return {
    request,
    isActive,
    isExpired: types.includes('JobExpired'),
    hasFailed: types.includes('JobFailed'),
    isCanceled: types.includes('JobCanceled'),
    cancelRequested: types.includes('CancelRequested'),
    refersTo: first?.type === 'StartReferred' ? first.to : null,
    claim: isActive && ofAttempts?.type === 'StepStarted' ? (claims.at(-1) ?? null) : null,
    isWaiting: isActive && ofAttempts?.type === 'StepAttemptFailed',
    claims,
  };
}

function eventsOf({ events }: ModelStream): readonly JobEvent[] {
  return events.map(({ type, data }) => ({ type, ...data }) as JobEvent);
}

/** What is wrong with a job's history by itself: the rules that never break, as a reader would check them. */
export function faultOfJob(stream: ModelStream): string | null {
  const events = eventsOf(stream);
  if (events.length === 0) return null;
  const reader = new Reader();
  for (const [index, event] of events.entries()) {
    if (event.at < (events[index - 1]?.at ?? '')) return `${event.type} lies before the event before it`;
    const fault = reader.read(event, index);
    if (fault !== null) return `${event.type} ${fault}`;
  }
  return null;
}

class Reader {
  #steps = 0;
  #succeeded = 0;
  #attempts = 0;
  #last: 'NOTHING' | 'STARTED' | 'ENDED' | 'EXPIRED' | 'REFERRED' = 'NOTHING';
  #running: Claim | null = null;
  #failed = false;
  #canceled = false;

  read(event: JobEvent, index: number): string | null {
    if (index === 0) return this.#readFirst(event);
    if (this.#last === 'EXPIRED' || this.#last === 'REFERRED') return 'came after the last event';
    if (event.type === 'JobExpired') {
      if (this.#last !== 'ENDED') return 'came before the end';
      this.#last = 'EXPIRED';
      return null;
    }
    return this.#last === 'ENDED' ? 'came after the end' : this.#readActive(event);
  }

  #readFirst(event: JobEvent): string | null {
    if (event.type === 'StartReferred') this.#last = 'REFERRED';
    else if (event.type !== 'JobQueued') return 'came first';
    else this.#steps = event.request.plan.length;
    if (event.type === 'JobQueued') {
      // What was carried over from another job is done.
      this.#succeeded = event.request.plan.filter(({ carried }) => carried?.result).length;
    }
    return null;
  }

  #readActive(event: Exclude<JobEvent, { type: 'JobExpired' }>): string | null {
    switch (event.type) {
      case 'JobQueued':
      case 'StartReferred':
        return 'came again';
      case 'JobStarted':
        if (this.#last === 'STARTED' || this.#canceled) return 'came too late';
        this.#last = 'STARTED';
        return null;
      case 'StepStarted':
        return this.#readStart(event);
      case 'StepAdvanced':
      case 'StepSucceeded':
      case 'StepAttemptFailed':
      case 'StepInterrupted':
        return this.#readReport(event);
      case 'StepFailed':
        if (this.#failed || event.step !== this.#succeeded + 1) return 'is about another step';
        this.#failed = true;
        this.#running = null;
        return null;
      case 'StepSkipped':
        return this.#failed && event.step > this.#succeeded + 1 ? null : 'came without a failure';
      case 'CancelRequested':
        if (this.#canceled) return 'came twice';
        this.#canceled = true;
        return null;
      case 'JobSucceeded':
        return this.#end(this.#succeeded === this.#steps, 'came before the last step had succeeded');
      case 'JobFailed':
        return this.#end(this.#failed, 'came without a failure');
      case 'JobCanceled':
        return this.#end(
          this.#canceled && !this.#failed && this.#succeeded < this.#steps,
          'came without cause',
        );
      default:
        return event satisfies never;
    }
  }

  #readStart({ step, attempt, runnerId }: Extract<JobEvent, { type: 'StepStarted' }>): string | null {
    if (this.#last !== 'STARTED') return 'came before the job had started';
    if (this.#running) return 'came while the step was running';
    if (this.#failed || this.#canceled) return 'came where nothing may start any more';
    if (step !== this.#succeeded + 1) return `is about step ${step} out of order`;
    this.#attempts += 1;
    if (attempt !== this.#attempts) return `has attempt ${attempt} instead of ${this.#attempts}`;
    this.#running = { step, attempt, runnerId };
    return null;
  }

  #readReport(
    event: Extract<
      JobEvent,
      { type: 'StepAdvanced' | 'StepSucceeded' | 'StepAttemptFailed' | 'StepInterrupted' }
    >,
  ): string | null {
    const { step } = event;
    if (this.#running?.step !== step) return 'is about a step that does not run';
    const { attempt, runnerId } = this.#running;
    if ('attempt' in event && !isSameClaim({ ...event, runnerId }, this.#running)) {
      return `is about attempt ${event.attempt} while ${attempt} runs`;
    }
    if (event.type === 'StepAdvanced') return null;
    this.#running = null;
    if (event.type === 'StepSucceeded') {
      this.#succeeded += 1;
      this.#attempts = 0;
    }
    return null;
  }

  #end(isRight: boolean, fault: string): string | null {
    this.#last = 'ENDED';
    return isRight ? null : fault;
  }
}
