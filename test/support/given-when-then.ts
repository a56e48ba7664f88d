import { expect } from 'vitest';

/** What turns commands into events, and events into the state that decides the next command. */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  readonly decide: (state: State, command: Command) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}

/** `given(...history).when(command).then(...events)`: what a command makes of a history. */
export function givenFor<State, Command, Event>({ initial, decide, evolve }: Decider<State, Command, Event>) {
  return (...history: readonly Event[]) => ({
    when(command: Command) {
      const events = decide(history.reduce(evolve, initial), command);
      return {
        then: (...expected: readonly Event[]) => expect(events).toStrictEqual(expected),
        thenNothing: () => expect(events).toStrictEqual([]),
      };
    },
  });
}
