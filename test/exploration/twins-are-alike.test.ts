import { expect, it, vi } from 'vitest';
import { differenceOfTwins } from './explored.js';
import type { Scenario } from './scenario.js';

vi.mock('node:timers/promises', () => import('./no-pauses.js'));

const small: readonly Scenario[] = [
  {
    sentence: 'a job is canceled',
    servers: 1,
    commands: [
      { kind: 'START', at: 0 },
      { kind: 'CANCEL', at: 0 },
    ],
    misfortunes: {},
  },
  {
    sentence: 'a server crashes',
    servers: 1,
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { crashes: 1, unknownOutcomes: 1 },
  },
  {
    sentence: 'a key is used for two budgets',
    commands: [
      { kind: 'START', at: 0, key: 'a key' },
      { kind: 'START', at: 1, key: 'a key', budgetId: 'business' },
    ],
    misfortunes: {},
  },
  {
    sentence: 'a server remembers less than there is',
    servers: 1,
    commands: [{ kind: 'START', at: 0 }],
    misfortunes: { staleMemories: 1 },
  },
];

it.each(small.map((scenario) => [scenario.sentence, scenario] as const))(
  'whoever is about to append the same goes on the same, where %s',
  async (_sentence, scenario) => {
    expect(await differenceOfTwins(scenario)).toBeNull();
  },
  180_000,
);
