import { expect, it, vi } from 'vitest';
import { explored } from './explored.js';
import { scenarios } from './scenarios.js';

vi.mock('node:timers/promises', () => import('./no-pauses.js'));

const minuteMs = 60_000;

it.each(scenarios.map((scenario) => [scenario.sentence, scenario] as const))(
  'in every state all rules hold, and every state comes to a good end by itself, where %s',
  async (sentence, scenario) => {
    const { states, steps, atRest, violation } = await explored(scenario);
    console.log(`${states} states, ${steps} steps, ${atRest} ends: ${sentence}`);

    expect(violation).toBeNull();
  },
  3 * minuteMs,
);
