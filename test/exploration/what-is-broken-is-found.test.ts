import { expect, it, vi } from 'vitest';
import { JobStreams } from '../../src/application/job-streams.js';
import { explored } from './explored.js';
import { ForgetfulLanes, forgetfulParts } from './forgetful-lanes.js';
import type { MakeParts } from './real-code.js';
import type { Sabotage, Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';

vi.mock('node:timers/promises', () => import('./no-pauses.js'));

interface Broken {
  readonly how: string;
  readonly sabotage: Sabotage;
  /** Where it shows: a scenario whose sentence contains this. */
  readonly where: string;
  readonly what: RegExp;
}

/** Appends to a job's stream whatever happened since it was read. */
class HastyJobs extends JobStreams {
  override append(...[jobId, , events, signal]: Parameters<JobStreams['append']>) {
    return super.append(jobId, 'any' as never, events, signal);
  }
}

/** Appends to a lane whatever happened since it was read. */
class HastyLanes extends ForgetfulLanes {
  override append(...[budgetId, , events, signal]: Parameters<ForgetfulLanes['append']>) {
    return super.append(budgetId, 'any' as never, events, signal);
  }
}

/** Takes a job out of its lane without a second look at it. */
class RashLanes extends ForgetfulLanes {
  override release(...[budgetId, jobId, { signal }]: Parameters<ForgetfulLanes['release']>) {
    return super.release(budgetId, jobId, { isSettled: () => Promise.resolve(true), signal });
  }
}

/** Leaves every job where it is. */
class ClingingLanes extends ForgetfulLanes {
  override release() {
    return Promise.resolve();
  }
}

/** Does not say where the lane ends. */
class SilentLanes extends ForgetfulLanes {
  override async load(...lane: Parameters<ForgetfulLanes['load']>) {
    return { ...(await super.load(...lane)), position: null };
  }
}

/** Whoever asks for a job and then for its lane gets the lane as it was before the job. */
const laneFirst: MakeParts = (store, now) => {
  const lanes = new ForgetfulLanes(store, now);
  const loadLane = lanes.load.bind(lanes);
  let before: Awaited<ReturnType<typeof loadLane>> | null = null;
  class LaterJobs extends JobStreams {
    override async load(...[jobId, signal]: Parameters<JobStreams['load']>) {
      before = await loadLane('household', signal);
      return super.load(jobId, signal);
    }
  }
  lanes.load = async (...lane) => {
    const loaded = before ?? (await loadLane(...lane));
    before = null;
    return loaded;
  };
  return { jobs: new LaterJobs(store), lanes };
};

const broken: readonly Broken[] = [
  {
    how: 'appends to a job whatever happened meanwhile',
    sabotage: { makeParts: (store, now) => ({ ...forgetfulParts(store, now), jobs: new HastyJobs(store) }) },
    where: 'one of them crashes',
    what: /came while the step was running|came again|came too late/,
  },
  {
    how: 'appends to a lane whatever happened meanwhile',
    sabotage: {
      makeParts: (store, now) => ({ ...forgetfulParts(store, now), lanes: new HastyLanes(store, now) }),
    },
    where: 'one of them crashes',
    what: /was admitted twice|behind its equal|was released and was not there/,
  },
  {
    how: 'releases without a second look',
    sabotage: {
      makeParts: (store, now) => ({ ...forgetfulParts(store, now), lanes: new RashLanes(store, now) }),
    },
    where: 'while its key is used again',
    what: /was released and is not over/,
  },
  {
    how: 'never releases',
    sabotage: {
      makeParts: (store, now) => ({ ...forgetfulParts(store, now), lanes: new ClingingLanes(store, now) }),
    },
    where: 'of one step and of two',
    what: /^Left to itself, /,
  },
  {
    how: 'reads the lane before the job',
    sabotage: { makeParts: laneFirst },
    where: 'comes back behind another one',
    what: /is not at the head of its lane/,
  },
  {
    how: 'answers with a job that is not shown yet',
    sabotage: {
      makeParts: (store, now) => ({ ...forgetfulParts(store, now), lanes: new SilentLanes(store, now) }),
    },
    where: 'one key is used twice beside',
    what: /before queries show it/,
  },
  {
    how: "takes every other server's runner to be gone",
    sabotage: { judgesAllGone: true },
    where: 'of one step and of two',
    what: /is worked on twice at the same time/,
  },
  {
    how: 'derives the ids of events from where they stand',
    sabotage: { derivesEventIds: true },
    where: 'the clock of one is behind',
    what: /is worked on twice at the same time/,
  },
];

function scenarioOf({ where, sabotage }: Broken): Scenario {
  const scenario = scenarios.find(({ sentence }) => sentence.includes(where));
  if (!scenario) throw new RangeError(`No scenario says ${where}`);
  return { ...scenario, sabotage };
}

it.each(broken.map((each) => [each.how, each] as const))(
  'finds what goes wrong where somebody %s',
  async (_how, each) => {
    const { violation } = await explored(scenarioOf(each));

    expect(violation?.what).toMatch(each.what);
  },
  60_000,
);
