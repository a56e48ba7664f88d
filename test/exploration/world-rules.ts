import { isSameRequest } from '../../src/domain/job-request.js';
import { jobPrefix, jobStream } from '../../src/domain/streams.js';
import { faultOfJob } from './job-rules.js';
import { faultOfLane } from './lane-rules.js';
import type { Scenario } from './scenario.js';
import { faultOfAnswers } from './answer-rules.js';
import { isSameClaim } from './task.js';
import { remembered, type View } from './view.js';
import { factsOf, type World } from './world.js';

/** What must hold in every world. */
export class WorldRules {
  readonly #view: View;
  readonly #scenario: Scenario;
  readonly #found = new Map<string, string | null>();
  readonly #histories = new Map<number, string | null>();

  constructor(view: View, scenario: Scenario) {
    this.#view = view;
    this.#scenario = scenario;
  }

  faultOf(world: World): string | null {
    const facts = factsOf(world);
    const known = this.#found.get(facts);
    if (known !== undefined) return known;
    const fault =
      this.#faultOfHistories(world) ??
      this.#faultOfLanes(world) ??
      this.#faultOfWork(world) ??
      faultOfAnswers(this.#view, world, this.#scenario);
    this.#found.set(facts, fault);
    return fault;
  }

  faultAtRest(world: World): string | null {
    const standing = this.#view.lanesOf(world).flatMap(({ queue }) => queue);
    const active = this.#view.jobsOf(world).filter(({ job }) => job.isActive);
    if (active[0]) return `${active[0].jobId} never ends`;
    if (standing[0]) return `${standing[0].jobId} stands in its lane for ever`;
    const held = world.servers.flatMap(({ reservations }) => reservations);
    return held[0] ? `${held[0].jobId} holds a slot for ever` : null;
  }

  #faultOfHistories({ store }: World): string | null {
    for (const [name, stream] of store) {
      const fault = remembered(
        this.#histories,
        stream,
        name.startsWith(jobPrefix) ? faultOfJob : faultOfLane,
      );
      if (fault !== null) return `${name}: ${fault}`;
    }
    return null;
  }

  #faultOfLanes(world: World): string | null {
    const view = this.#view;
    const lanes = view.lanesOf(world);
    for (const { jobId, job } of view.jobsOf(world)) {
      const lane = lanes.find(({ laneId }) => laneId === job.request?.budgetId);
      const stands = lane?.queue.some((each) => each.jobId === jobId);
      if (job.isActive && !stands) return `${jobId} is active and does not stand in its lane`;
    }
    for (const { laneId, queue } of lanes) {
      const running = queue.filter(({ jobId }) => view.told(world, jobId).claim !== null);
      const ofThisLane = running.filter(({ jobId }) => view.told(world, jobId).request?.budgetId === laneId);
      if (ofThisLane.length > 1) return `Two jobs of ${laneId} run at the same time`;
      const [, ...waiting] = queue.filter(({ jobId }) => !view.isSettled(world, jobId, laneId));
      const twice = waiting.find((each, index) =>
        waiting.slice(0, index).some((other) => isSameRequest(each.request, other.request)),
      );
      if (twice) return `${twice.jobId} waits in ${laneId} behind its equal`;
    }
    return null;
  }

  #faultOfWork(world: World): string | null {
    const view = this.#view;
    const held = world.servers.flatMap(({ reservations }) => reservations);
    const working = held.filter(({ stage }) => stage === 'RUNNING');
    for (const { jobId, claim } of working) {
      const { claims } = view.told(world, jobId);
      const isKept = view.streams.get(world.store, jobStream(jobId)).deletions === 0;
      if (isKept && !claims.some((each) => isSameClaim(each, claim))) {
        return `${claim.runnerId} is at work on ${jobId} under a claim that is not recorded`;
      }
    }
    if (world.left.wrongJudgements < (this.#scenario.misfortunes.wrongJudgements ?? 0)) return null;
    const budgets = working.map(({ jobId }) => view.told(world, jobId).request?.budgetId);
    const twice = budgets.find((budgetId, index) => budgets.indexOf(budgetId) !== index);
    return twice === undefined ? null : `${twice} is worked on twice at the same time`;
  }
}
