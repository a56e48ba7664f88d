import { jobStream } from '../../src/domain/streams.js';
import { firstBudget, type Scenario, type UserCommand } from './scenario.js';
import type { Task } from './task.js';
import type { View } from './view.js';
import type { Misfortunes, World } from './world.js';

/** A task that may begin. */
export interface Begun {
  readonly server: number;
  readonly task: Task;
  readonly cost?: keyof Misfortunes;
  /** Whether a step that goes well ends like this. */
  readonly isExpected?: boolean;
}

/** All that may begin in a world. */
export class Beginnings {
  readonly #view: View;
  readonly #commands: Scenario['commands'];

  constructor(view: View, { commands }: Scenario) {
    this.#view = view;
    this.#commands = commands;
  }

  *of(world: World): Iterable<Begun> {
    yield* this.#userCommands(world);
    yield* this.reports(world);
    yield* this.looks(world);
    yield* this.#retirements(world);
  }

  *#userCommands(world: World): Iterable<Begun> {
    for (const [command, given] of this.#commands.entries()) {
      const isGiven =
        (world.outcomes[command] ?? null) !== null ||
        world.fibers.some(({ progress: { task } }) => 'command' in task && task.command === command);
      if (isGiven || !world.servers[given.at]?.isUp) continue;
      for (const task of this.#tasksOf(world, command, given)) yield { server: given.at, task };
    }
  }

  *#tasksOf(world: World, command: number, given: UserCommand): Iterable<Task> {
    if (given.kind === 'START') {
      const { type = 'SYNC', budgetId = firstBudget, onConflict = 'RETURN_EXISTING', key } = given;
      yield { kind: 'START', command, type, budgetId, onConflict, ...(key !== undefined && { key }) };
      return;
    }
    for (const { jobId, job } of this.#view.jobsOf(world)) {
      if (job.refersTo === null) yield { kind: given.kind, command, jobId };
    }
  }

  *reports(world: World): Iterable<Begun> {
    for (const [server, { reservations }] of world.servers.entries()) {
      for (const { jobId, claim, stage, isTold } of reservations) {
        if (stage !== 'RUNNING') continue;
        const report = { kind: 'REPORT', jobId, claim } as const;
        yield { server, task: { ...report, ending: 'SUCCEEDS' }, isExpected: !isTold };
        if (isTold) yield { server, task: { ...report, ending: 'STOPS' }, isExpected: true };
        if (world.left.failures > 0) yield { server, task: { ...report, ending: 'FAILS' }, cost: 'failures' };
        if (world.left.passingFailures > 0) {
          yield { server, task: { ...report, ending: 'FAILS_FOR_NOW' }, cost: 'passingFailures' };
        }
      }
    }
  }

  *looks(world: World): Iterable<Begun> {
    for (const [server, { isUp, id }] of world.servers.entries()) {
      const isLooking = world.fibers.some(
        (fiber) => fiber.server === server && fiber.progress.task.kind === 'LOOK',
      );
      if (!isUp || isLooking) continue;
      for (const { jobId, laneId } of standingIn(this.#view, world)) {
        const look = { kind: 'LOOK', jobId, laneId } as const;
        const { claim } = this.#view.told(world, jobId);
        if (claim && claim.runnerId !== id) {
          const isAlive = this.#view.isHeld(world, jobId, claim);
          const judged = { server, task: { ...look, judgedGone: claim } };
          if (!isAlive) yield judged;
          else if (world.left.wrongJudgements > 0) yield { ...judged, cost: 'wrongJudgements' };
        }
        yield { server, task: look };
      }
    }
  }

  /**
   * A job is kept for longer than a command takes and a step runs, and for longer than its first event can be held up
   * on its way. A look may take as long as the store is away.
   */
  *#retirements(world: World): Iterable<Begun> {
    if (world.left.retirements === 0) return;
    if (world.fibers.some(({ progress: { task } }) => task.kind !== 'LOOK')) return;
    const standing = standingIn(this.#view, world).map(({ jobId }) => jobId);
    for (const { jobId, job } of this.#view.jobsOf(world)) {
      const isBusy = world.servers.some(({ reservations }) =>
        reservations.some((held) => held.jobId === jobId && held.stage !== 'CLAIMING'),
      );
      const isHeldUp = world.fibers.some(
        ({ progress: { pending } }) =>
          pending?.kind === 'APPEND' &&
          pending.stream === jobStream(jobId) &&
          pending.expected === 'no-stream',
      );
      if (job.isActive || job.refersTo !== null || standing.includes(jobId) || isBusy || isHeldUp) continue;
      for (const [server, { isUp }] of world.servers.entries()) {
        if (isUp) yield { server, task: { kind: 'RETIRE', jobId }, cost: 'retirements' };
      }
    }
  }
}

/** Every job that stands in a lane. */
function standingIn(
  view: View,
  world: World,
): readonly { readonly jobId: string; readonly laneId: string }[] {
  return view.lanesOf(world).flatMap(({ laneId, queue }) => queue.map(({ jobId }) => ({ jobId, laneId })));
}
