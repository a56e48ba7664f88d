import { Actions } from './actions.js';
import { Explorer, type Exploration, type Model } from './explorer.js';
import type { Scenario } from './scenario.js';
import { View } from './view.js';
import { WorldRules } from './world-rules.js';
import { keyOf, noMisfortune, type World } from './world.js';

/** A scenario is written so small that it ends well below. */
const maxStates = 2_000_000;

/** Explores all that can become of a scenario. */
export function explored(scenario: Scenario): Promise<Exploration> {
  return exploredBy(new View(), scenario).exploration;
}

/** What is wrong with taking tasks that are about to append the same for one, in a scenario; null: nothing. */
export async function differenceOfTwins(scenario: Scenario): Promise<string | null> {
  const { exploration, actions } = exploredBy(new View(), scenario);
  await exploration;
  return actions.differenceOfTwins();
}

function exploredBy(view: View, scenario: Scenario) {
  const actions = new Actions(view, scenario);
  const rules = new WorldRules(view, scenario);
  const initial: World = {
    store: new Map(),
    servers: ['a', 'b'].slice(0, scenario.servers ?? 2).map((id) => ({ id, isUp: true, reservations: [] })),
    fibers: [],
    outcomes: scenario.commands.map(() => null),
    left: { ...noMisfortune, ...scenario.misfortunes },
    isLater: false,
  };
  const model: Model<World> = {
    initial,
    keyOf,
    stepsFrom: (world) => actions.stepsFrom(world),
    faultOf: (world) => rules.faultOf(world),
    faultAtRest: (world) => rules.faultAtRest(world),
  };
  return { actions, exploration: new Explorer(model, maxStates).explore() };
}
