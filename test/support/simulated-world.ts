import { decide, type Claim, type JobCommand } from '../../src/domain/decide-job.js';
import type { JobRequest } from '../../src/domain/job-request.js';
import { currentStep, evolve, isActive, noJob, type Job } from '../../src/domain/job.js';
import {
  admissionOf,
  decideRelease,
  emptyLane,
  evolveLane,
  headOf,
  type Lane,
} from '../../src/domain/lane.js';
import { next, type Situation } from '../../src/domain/saga.js';
import { answers, minutesAfter, now, suggestionsResult, unreachable } from './job-history.js';
import { admitted } from './lane-history.js';

/** What becomes of an attempt when somebody looks at it. */
export type Fate = 'SUCCEEDS' | 'ADVANCES' | 'TAKES_TIME' | 'FAILS' | 'FAILS_FOR_NOW' | 'RUNNER_DIES';

/** Jobs, lanes and one runner without anything real: the saga is asked once a minute about every job. */
export class SimulatedWorld {
  readonly #jobs: Job[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #started = new Map<string, number[]>();
  /** What the runner is at work on. */
  readonly #claims = new Map<number, Claim>();
  readonly #slots: number;
  readonly #fates: Fate[];
  #minute = 0;
  mostRunningAtATime = 0;
  mostRunningAtATimeInOneLane = 0;

  constructor(fates: readonly Fate[], slots: number) {
    this.#fates = [...fates];
    this.#slots = slots;
  }

  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  /** Jobs in the order in which they started, for each lane. */
  get startedByLane(): readonly (readonly number[])[] {
    return [...this.#started.values()];
  }

  get isQuiet(): boolean {
    return [...this.#lanes.values()].every((lane) => headOf(lane) === undefined);
  }

  /** The job is in its lane; its first event is not written yet. */
  admit(request: JobRequest): void {
    const id = this.#jobs.push(noJob) - 1;
    this.#change(request.budgetId, (lane) => evolveLane(lane, admitted(String(id), request)));
  }

  cancel(id: number): void {
    if (this.#jobs[id]) this.#put(id, { type: 'RequestCancel', at: this.#now, by: 'anna' });
  }

  passMinute(): void {
    this.#minute += 1;
    for (const [budgetId, lane] of this.#lanes) {
      for (const { jobId } of lane.admissions) this.#ask(Number(jobId), budgetId);
    }
    this.#count();
    for (const [id, claim] of this.#claims) this.#meet(id, claim, this.#fates.shift() ?? 'SUCCEEDS');
  }

  get #now(): string {
    return minutesAfter(now, this.#minute);
  }

  #ask(id: number, budgetId: string): void {
    for (let answer = this.#next(id, budgetId); answer; answer = this.#next(id, budgetId)) {
      if (answer.type === 'ReleaseJob') {
        this.#change(budgetId, (lane) => decideRelease(lane, String(id), this.#now).reduce(evolveLane, lane));
        return;
      }
      this.#put(id, answer);
      if (answer.type === 'StartJob')
        this.#started.set(budgetId, [...(this.#started.get(budgetId) ?? []), id]);
      const job = this.#jobOf(id);
      const step = isActive(job) ? currentStep(job) : undefined;
      if (step?.status === 'RUNNING') {
        this.#claims.set(id, { step: step.step, attempt: step.attempt, runnerId: step.runnerId });
      }
    }
  }

  #next(id: number, budgetId: string) {
    const lane = this.#lanes.get(budgetId) ?? emptyLane;
    const situation: Situation = {
      now: this.#now,
      lane: {
        budgetId,
        admitted: admissionOf(lane, String(id))?.request ?? null,
        isHead: headOf(lane)?.jobId === String(id),
      },
      runner: { id: 'runner-1', hasFreeSlot: this.#claims.size < this.#slots },
      claimantIsGone: !this.#claims.has(id),
      budgetIsConfigured: true,
      othersMayKnowBudget: false,
      maxInterruptions: 3,
      longestPauseMs: 300_000,
    };
    return next(this.#jobOf(id), situation);
  }

  #meet(id: number, claim: Claim, fate: Fate): void {
    const at = this.#now;
    const job = this.#jobOf(id);
    const step = isActive(job) ? currentStep(job) : undefined;
    const isStopped = isActive(job) && job.cancelRequested;
    switch (fate) {
      case 'TAKES_TIME':
        if (isStopped) this.#report(id, { type: 'StopStep', at, claim });
        return;
      case 'ADVANCES':
        this.#put(id, {
          type: 'AdvanceStep',
          at,
          claim,
          progress: answers((step?.progress.length ?? 0) + 1),
        });
        return;
      case 'SUCCEEDS':
        this.#report(id, { type: 'SucceedStep', at, claim, result: suggestionsResult });
        return;
      case 'FAILS':
        this.#report(id, { type: 'FailAttempt', at, claim, failure: unreachable, retryAt: null });
        return;
      case 'FAILS_FOR_NOW': {
        const retryAt = minutesAfter(at, 3);
        this.#report(id, { type: 'FailAttempt', at, claim, failure: unreachable, retryAt });
        return;
      }
      case 'RUNNER_DIES':
        this.#claims.delete(id);
        return;
      default:
        fate satisfies never;
    }
  }

  #report(id: number, command: JobCommand): void {
    this.#put(id, command);
    this.#claims.delete(id);
  }

  #put(id: number, command: JobCommand): void {
    const job = this.#jobOf(id);
    this.#jobs[id] = decide(job, command).reduce(evolve, job);
  }

  #jobOf(id: number): Job {
    return this.#jobs[id] ?? noJob;
  }

  #change(budgetId: string, change: (lane: Lane) => Lane): void {
    this.#lanes.set(budgetId, change(this.#lanes.get(budgetId) ?? emptyLane));
  }

  #count(): void {
    this.mostRunningAtATime = Math.max(this.mostRunningAtATime, this.#claims.size);
    const budgets = [...this.#claims.keys()].map((id) => {
      const job = this.#jobOf(id);
      return job.status === 'NONE' ? '' : job.request.budgetId;
    });
    for (const budgetId of budgets) {
      const inLane = budgets.filter((each) => each === budgetId).length;
      this.mostRunningAtATimeInOneLane = Math.max(this.mostRunningAtATimeInOneLane, inLane);
    }
  }
}
