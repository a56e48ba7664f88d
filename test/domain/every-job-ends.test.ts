import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobRequest } from '../../src/domain/job-request.js';
import { hasEnded } from '../../src/domain/job.js';
import { anyRequest } from '../support/arbitrary-jobs.js';
import { SimulatedWorld, type Fate } from '../support/simulated-world.js';

const anyFate: fc.Arbitrary<Fate> = fc.constantFrom(
  ...(['SUCCEEDS', 'SUCCEEDS', 'ADVANCES', 'TAKES_TIME', 'FAILS', 'FAILS_FOR_NOW', 'RUNNER_DIES'] as const),
);

interface Plot {
  readonly requests: readonly JobRequest[];
  /** How attempts go, in the order in which somebody asks; when there are no more, they succeed. */
  readonly fates: readonly Fate[];
  /** When which job is to be canceled. */
  readonly cancels: readonly { readonly job: number; readonly minute: number }[];
  readonly slots: number;
}

const anyPlot: fc.Arbitrary<Plot> = fc.record({
  requests: fc.array(
    fc
      .tuple(anyRequest, fc.constantFrom('household', 'business'))
      .map(([request, budgetId]) => ({ ...request, budgetId })),
    { minLength: 1, maxLength: 5 },
  ),
  fates: fc.array(anyFate, { maxLength: 40, size: 'max' }),
  cancels: fc.array(
    fc.record({ job: fc.integer({ min: 0, max: 4 }), minute: fc.integer({ min: 0, max: 40 }) }),
    { maxLength: 2 },
  ),
  slots: fc.integer({ min: 1, max: 2 }),
});

/** Every attempt ends somehow, and every job has few steps: by then all of it is long over. */
const longEnough = 400;

function live({ requests, fates, cancels, slots }: Plot): SimulatedWorld {
  const world = new SimulatedWorld(fates, slots);
  for (const request of requests) world.admit(request);
  for (let minute = 0; minute < longEnough && !world.isQuiet; minute += 1) {
    for (const cancel of cancels) if (cancel.minute === minute) world.cancel(cancel.job);
    world.passMinute();
  }
  return world;
}

function always(property: (world: SimulatedWorld, plot: Plot) => void): void {
  fc.assert(
    fc.property(anyPlot, (plot) => {
      property(live(plot), plot);
    }),
    { numRuns: 300 },
  );
}

describe('however the attempts of its steps end', () => {
  it('every job ends, and leaves its lane', () => {
    always((world) => {
      for (const job of world.jobs) expect(hasEnded(job)).toBe(true);
      expect(world.isQuiet).toBe(true);
    });
  });

  it('the jobs of one budget run one at a time, in the order of their arrival', () => {
    always((world) => {
      expect(world.mostRunningAtATimeInOneLane).toBeLessThanOrEqual(1);
      for (const started of world.startedByLane) expect(started).toEqual([...started].sort((a, b) => a - b));
    });
  });

  it('no more steps run at a time than there are slots', () => {
    always((world, { slots }) => {
      expect(world.mostRunningAtATime).toBeLessThanOrEqual(slots);
    });
  });

  it('can be any of the ends that there are: these properties speak of something', () => {
    const ends = fc.sample(anyPlot, { numRuns: 100, seed: 4 }).flatMap((plot) => live(plot).jobs);
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED', 'FAILED', 'CANCELED']));
  });
});

describe('where all goes well', () => {
  it('every job succeeds, and the budgets go on side by side', () => {
    fc.assert(
      fc.property(anyPlot, ({ requests }) => {
        const world = live({ requests, fates: [], cancels: [], slots: 2 });
        expect(new Set(world.jobs.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
        const budgets = new Set(requests.map(({ budgetId }) => budgetId));
        const haveWork = requests.every(({ plan }) => plan.some(({ carried }) => !carried?.result));
        if (haveWork) expect(world.mostRunningAtATime).toBe(budgets.size);
      }),
    );
  });
});
