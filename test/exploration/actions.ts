import { jobStream } from '../../src/domain/streams.js';
import { minutesAfter, now } from '../support/job-history.js';
import { Beginnings, type Begun } from './beginnings.js';
import { Courses } from './courses.js';
import type { Step, Steps } from './explorer.js';
import { forgetfulParts } from './forgetful-lanes.js';
import { answered, crashed, later, restarted } from './happenings.js';
import { endOf, labelOf } from './labels.js';
import { Programs, type Progress } from './program.js';
import { realCode, realParts } from './real-code.js';
import { firstBudget, secondBudget, type Scenario } from './scenario.js';
import { faultOfStep } from './step-rules.js';
import type { Answer, Reservation, Surroundings, Task } from './task.js';
import { rememberingParts } from './remembered.js';
import type { View } from './view.js';
import { affected, changed, spent, without, withServer, type Fiber, type World } from './world.js';

const laterMinutes = 60;

/** All that may happen in the world of a scenario. */
export class Actions {
  readonly #view: View;
  readonly #scenario: Scenario;
  readonly #programs: Programs;
  readonly #beginnings: Beginnings;
  readonly #courses: Courses;
  readonly #common = new WeakMap<readonly Reservation[], Map<string, Surroundings>>();

  constructor(view: View, scenario: Scenario) {
    this.#view = view;
    const { sabotage, slots = 2, maxInterruptions = 3 } = scenario;
    const judgesAllGone = sabotage?.judgesAllGone ?? false;
    const settings = { slots, maxInterruptions, judgesAllGone, budgetIds: [firstBudget, secondBudget] };
    this.#scenario = scenario;
    this.#beginnings = new Beginnings(view, scenario);
    this.#courses = new Courses(view, scenario);
    // What a server keeps of a lane, it does not read less of later.
    const isMonotonous = (scenario.misfortunes.staleReads ?? 0) > 0;
    const isForgetful = (scenario.misfortunes.staleMemories ?? 0) > 0;
    const usual = isForgetful ? rememberingParts : isMonotonous ? realParts : forgetfulParts;
    const makeParts = sabotage?.makeParts ?? usual;
    this.#programs = new Programs(realCode(makeParts, settings), { takesTwinsForOne: !isMonotonous });
  }

  differenceOfTwins(): Promise<string | null> {
    return this.#programs.differenceOfTwins();
  }

  async stepsFrom(world: World): Promise<Steps<World>> {
    const all: Step<World>[] = [];
    for (const fiber of world.fibers) all.push(...(await this.#stepsOf(world, fiber)));
    const [first] = all;
    for (const [index, server] of world.servers.entries()) {
      if (!server.isUp) all.push(restarted(world, index));
      else if (world.left.crashes > 0) all.push(crashed(world, index));
    }
    if (this.#mayBeLater(world)) all.push(later(world));
    if (world.fibers.length < (this.#scenario.atOnce ?? 2)) {
      for (const begun of this.#beginnings.of(world)) all.push(...(await this.#begin(world, begun)));
    }
    return { all, onwards: first ?? (await this.#onwardsFrom(world)) };
  }

  /** What happens next where nothing is under way, nothing goes wrong and nobody wants anything new. */
  async #onwardsFrom(world: World): Promise<Step<World> | null> {
    const begun = [...this.#beginnings.reports(world)].find(({ isExpected }) => isExpected);
    if (begun) return (await this.#begin(world, begun))[0] ?? null;
    for (const look of this.#beginnings.looks(world)) {
      if (look.cost) continue;
      const [step] = await this.#begin(world, look);
      if (step && (await this.#changesSomething(world, step.to))) return step;
    }
    if (this.#mayBeLater(world)) return later(world);
    return world.servers.some(({ isUp }) => isUp) ? null : restarted(world, 0);
  }

  #mayBeLater(world: World): boolean {
    return !world.isLater && this.#view.jobsOf(world).some(({ job }) => job.isWaiting);
  }

  async #changesSomething(before: World, begun: World): Promise<boolean> {
    let world = begun;
    for (let [fiber] = world.fibers; fiber; [fiber] = world.fibers) {
      const [step] = await this.#stepsOf(world, fiber);
      if (!step) break;
      world = step.to;
    }
    const names = new Set([...before.store.keys(), ...world.store.keys()]);
    const isStoreSame = [...names].every((name) => before.store.get(name) === world.store.get(name));
    return !isStoreSame || JSON.stringify(before.servers) !== JSON.stringify(world.servers);
  }

  /** A task begins with what it asks first: nobody sees it before. */
  async #begin(world: World, { server, task, cost }: Begun): Promise<readonly Step<World>[]> {
    const id = world.servers[server]?.id ?? '';
    const begun = await this.#programs.begin(task, id, this.#surroundings(world, server, task));
    const fiber = { server, progress: begun, landed: null, shown: '' };
    const { reservations } = world.servers[server] ?? { reservations: [] };
    const busy: World = {
      ...(task.kind === 'REPORT'
        ? withServer(world, server, {
            reservations: changed(reservations, task.jobId, task.claim, { from: 'RUNNING', to: 'REPORTING' }),
          })
        : world),
      fibers: [...world.fibers, fiber],
      left: cost ? spent(world, cost) : world.left,
    };
    return this.#stepsOf(busy, fiber);
  }

  async #stepsOf(world: World, fiber: Fiber): Promise<readonly Step<World>[]> {
    const { pending, task } = fiber.progress;
    if (!pending) return [];
    const id = world.servers[fiber.server]?.id ?? '';
    const courses = this.#courses.of(world, fiber, pending);
    const steps: Step<World>[] = [];
    for (const { label, store, answer, landed = null, cost } of courses) {
      const surroundings = this.#surroundings({ ...world, store }, fiber.server, task);
      const found = this.#programs.proceed(fiber.progress, answer, surroundings);
      const progress = found instanceof Promise ? await found : found;
      const after = { ...fiber, progress, landed, shown: shownBy(fiber, progress) };
      const left = cost ? spent(world, cost) : world.left;
      const to = moved({ ...world, store, left }, fiber, after, isBack(answer, progress));
      steps.push({
        label: () => `${labelOf(id, task)} ${label()}${endOf(progress)}`,
        to,
        fault: faultOfStep(this.#view, world, to, pending, after),
      });
    }
    return steps;
  }

  #commonSurroundings(instant: string, reservations: readonly Reservation[]): Surroundings {
    const byInstant = this.#common.get(reservations) ?? new Map<string, Surroundings>();
    this.#common.set(reservations, byInstant);
    const common = byInstant.get(instant) ?? {
      ...{ now: instant, reservations, hasExpired: false, references: [] },
    };
    byInstant.set(instant, common);
    return common;
  }

  #surroundings(world: World, server: number, task: Task): Surroundings {
    const isBehind = server > 0 && this.#scenario.isSecondClockBehind === true;
    const clock = isBehind ? minutesAfter(now, -1) : now;
    const instant = world.isLater ? minutesAfter(clock, laterMinutes) : clock;
    const common = this.#commonSurroundings(instant, world.servers[server]?.reservations ?? []);
    if (task.kind !== 'RETIRE') return common;
    const jobs = this.#view.jobsOf(world);
    return {
      ...common,
      hasExpired: this.#view.told(world, task.jobId).isExpired,
      references: jobs.filter(({ job }) => job.refersTo === task.jobId).map(({ jobId }) => jobId),
    };
  }
}

/** A look that lost a race begins anew, and another one may do that as well. */
function isBack({ kind }: Answer, { task, pending }: Progress): boolean {
  if (kind !== 'WRONG_REVISION' || task.kind !== 'LOOK' || pending?.kind !== 'READ') return false;
  return pending.stream === jobStream(task.jobId);
}

function shownBy({ shown }: Fiber, { effects }: Progress): string {
  const positions = effects.flatMap((effect) => (effect.kind === 'SHOWN' ? [effect.position] : []));
  return [shown, ...positions].sort().at(-1) ?? '';
}

function moved(world: World, from: Fiber, to: Fiber, isOver: boolean): World {
  const { task, effects, outcome } = to.progress;
  const { reservations } = world.servers[to.server] ?? { reservations: [] };
  let held = affected(reservations, effects);
  if (outcome && task.kind === 'REPORT') held = without(held, task.jobId, task.claim, 'REPORTING');
  return {
    ...(held === reservations ? world : withServer(world, to.server, { reservations: held })),
    fibers: world.fibers.flatMap((fiber) => (fiber !== from ? [fiber] : isOver || outcome ? [] : [to])),
    outcomes: 'command' in task && outcome ? answered(world.outcomes, task.command, outcome) : world.outcomes,
  };
}
