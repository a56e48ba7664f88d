import type { Step } from './explorer.js';
import type { Outcome } from './task.js';
import { spent, withServer, type World } from './world.js';

/** All that was under way on the server is gone, and so are its claims. */
export function crashed(world: World, index: number): Step<World> {
  const unanswered = world.fibers.filter(({ server }) => server === index);
  const outcomes = unanswered.reduce(
    (before, { progress: { task } }) =>
      'command' in task ? answered(before, task.command, { kind: 'UNKNOWN' }) : before,
    world.outcomes,
  );
  const to = {
    ...withServer(world, index, { isUp: false, reservations: [] }),
    fibers: world.fibers.filter(({ server }) => server !== index),
    outcomes,
    left: spent(world, 'crashes'),
  };
  return { label: () => `${world.servers[index]?.id ?? ''} crashes`, to, fault: null };
}

export function restarted(world: World, index: number): Step<World> {
  const to = withServer(world, index, { isUp: true });
  return { label: () => `${world.servers[index]?.id ?? ''} starts again`, to, fault: null };
}

/** What waits for another attempt has waited long enough. */
export function later(world: World): Step<World> {
  return { label: () => 'An hour goes by', to: { ...world, isLater: true }, fault: null };
}

export function answered(outcomes: World['outcomes'], command: number, outcome: Outcome) {
  return outcomes.map((each, index) => (index === command ? outcome : each));
}
