import {
  EventStoreUnavailableError,
  WrongExpectedRevisionError,
} from '../../src/eventstore/event-store-errors.js';
import type { EventStore, NewEvent } from '../../src/eventstore/event-store.js';
import { positionText, recorded } from './model-store.js';
import { numberOf } from './number-of.js';
import type { Answer, Effect, Operation, Outcome, Recall, Surroundings, Task } from './task.js';

/** One answer of the store, and what the code could see from then on. */
interface Observation {
  readonly answer: Answer;
  readonly surroundings: Surroundings;
}

/**
 * How far a task has come. It follows from the task, the server and what the code has seen, so it is found by running
 * the real code once more against a store that answers as before: states of the world can be compared and kept.
 */
export interface Progress {
  readonly id: number;
  readonly task: Task;
  readonly server: string;
  /** The last operation's effects on the server. */
  readonly effects: readonly Effect[];
  /** What is asked of the store next; null: the task is over. */
  readonly pending: Operation | null;
  readonly outcome: Outcome | null;
}

/** What the code is run with. */
export interface Host {
  readonly store: EventStore;
  readonly surroundings: () => Surroundings;
  /** What is read first by this may come from the server's memory. */
  readonly remember: <T>(recall: Recall, read: () => T) => T;
  /** Every fact of the surroundings that the code was told. */
  readonly saw: (fact: string) => void;
  readonly did: (effect: Effect) => void;
  /** Aborted when a command has taken too long. */
  readonly signal: AbortSignal;
}

/** Carries a task out with the real code. */
export type Carry = (task: Task, server: string, host: Host) => Promise<Outcome>;

interface Node extends Progress {
  readonly begun: Surroundings;
  readonly observations: readonly Observation[];
}

/**
 * All ways that tasks were seen to go.
 *
 * Whoever is about to append has forgotten what was read before: what it does next follows from what it appends, and
 * from what it has appended already. So those who are about to append the same are taken for one, which leaves far
 * fewer worlds. `differenceOfTwins` shows that it is so.
 */
export class Programs {
  readonly #carry: Carry;
  readonly #takesTwinsForOne: boolean;
  /** By what the code did in fact see: what it did not look at makes no difference. */
  readonly #nodes = new Map<string, Node>();
  readonly #found = new Map<string, Node>();
  readonly #asked = new Map<Node, Observation[]>();
  /** Those who were taken for another. */
  readonly #twins: { readonly node: Node; readonly twin: Node }[] = [];

  constructor(carry: Carry, { takesTwinsForOne }: { readonly takesTwinsForOne: boolean }) {
    this.#carry = carry;
    this.#takesTwinsForOne = takesTwinsForOne;
  }

  begin(task: Task, server: string, surroundings: Surroundings): Promise<Progress> | Progress {
    const name = `${server} ${JSON.stringify(task)}`;
    const found = this.#found.get(`${name} ${numberOf(surroundings)}`);
    return found ?? this.#find(name, { task, server, begun: surroundings, observations: [] });
  }

  proceed(from: Progress, answer: Answer, surroundings: Surroundings): Promise<Progress> | Progress {
    const name = `${from.id} ${nameOf(answer)}`;
    const found = this.#found.get(`${name} ${numberOf(surroundings)}`);
    if (found) return found;
    const node = from as Node;
    const observation = { answer, surroundings };
    this.#asked.set(node, [...(this.#asked.get(node) ?? []), observation]);
    return this.#find(name, { ...node, observations: [...node.observations, observation] });
  }

  /** What two who were taken for one do differently when they are answered the same; null: nothing. */
  async differenceOfTwins(): Promise<string | null> {
    for (const { node, twin } of this.#twins) {
      const difference = await this.#difference(node, twin);
      if (difference !== null) return difference;
    }
    return null;
  }

  async #difference(
    node: Node,
    twin: Pick<Node, 'task' | 'server' | 'begun' | 'observations'>,
  ): Promise<string | null> {
    for (const observation of this.#asked.get(node) ?? []) {
      const name = `${node.id} ${nameOf(observation.answer)} ${numberOf(observation.surroundings)}`;
      const next = this.#found.get(name);
      const course = { ...twin, observations: [...twin.observations, observation] };
      const run = await ran(this.#carry, course);
      const does = (each: Pick<Node, 'pending' | 'effects' | 'outcome'>) =>
        JSON.stringify([each.pending, each.effects, each.outcome]);
      if (!next || does(next) !== does(run)) {
        return `${JSON.stringify(node.task)}: ${next ? does(next) : ''} or ${does(run)}`;
      }
      const deeper = run.pending && hasForgotten(run.pending) ? null : await this.#difference(next, course);
      if (deeper !== null) return deeper;
    }
    return null;
  }

  async #find(
    name: string,
    course: Pick<Node, 'task' | 'server' | 'begun' | 'observations'>,
  ): Promise<Progress> {
    const { task, server, begun, observations } = course;
    const { pending, effects, outcome, seen, asked } = await ran(this.#carry, course);
    const isForgetful = this.#takesTwinsForOne && pending !== null && hasForgotten(pending);
    const key = isForgetful
      ? `${server} ${JSON.stringify([task, pending, effects])} ${wayOf(asked, observations)}`
      : `${name} ${seen.join(';')}`;
    const known = this.#nodes.get(key);
    const node = known ?? {
      ...{ id: this.#nodes.size, task, server, begun, observations, pending, effects, outcome },
    };
    if (!known) this.#nodes.set(key, node);
    else if (isForgetful) this.#twins.push({ node, twin: { ...node, begun, observations } });
    this.#found.set(`${name} ${numberOf(observations.at(-1)?.surroundings ?? begun)}`, node);
    return node;
  }
}

/** Who ends a job still knows whether it is in its lane, and who lets one go knows why. */
const remembering = ['JobSucceeded', 'JobFailed', 'JobCanceled', 'JobReleased'];

function hasForgotten(pending: Operation): boolean {
  if (pending.kind !== 'APPEND') return false;
  const types = pending.facts.map(({ type }) => type);
  return types.includes('JobAdmitted') || !types.some((type) => remembering.includes(type));
}

/** Where in the code a task is: what it has appended, and what it has read since it tried to append last. */
function wayOf(asked: readonly Operation[], observations: readonly Observation[]): string {
  const tried = asked.slice(0, -1).findLastIndex(({ kind }) => kind !== 'READ');
  const reads = asked.slice(tried + 1).map(({ stream }) => stream);
  const appended = observations.flatMap(({ answer }) => (answer.kind === 'APPENDED' ? [nameOf(answer)] : []));
  return [...appended, ...reads].join();
}

/** Runs the real code once more, up to the first question to which there is no answer yet. */
async function ran(
  carry: Carry,
  { task, server, begun, observations }: Pick<Node, 'task' | 'server' | 'begun' | 'observations'>,
) {
  const run = new Run(begun, observations);
  const { pending, outcome } = await run.carry(carry, task, server);
  return { pending, outcome, effects: run.effects, seen: run.seen, asked: run.asked };
}

/** The code, run up to the first question to which there is no answer yet. */
class Run {
  /** Since the last answer. */
  readonly seen: string[] = [];
  readonly effects: Effect[] = [];
  readonly asked: Operation[] = [];
  readonly #observations: readonly Observation[];
  readonly #overdue = new AbortController();
  #surroundings: Surroundings;
  #lastIds = '';
  #recall: Recall | null = null;
  #pending: Operation | null = null;
  #stand: () => void = () => undefined;

  constructor(begun: Surroundings, observations: readonly Observation[]) {
    this.#surroundings = begun;
    this.#observations = observations;
  }

  async carry(
    carry: Carry,
    task: Task,
    server: string,
  ): Promise<{ readonly pending: Operation | null; readonly outcome: Outcome | null }> {
    const stands = new Promise<null>((resolve) => {
      this.#stand = () => resolve(null);
    });
    const over = carry(task, server, {
      store: this.#store(),
      surroundings: () => this.#surroundings,
      remember: (recall, read) => {
        this.#recall = recall;
        return read();
      },
      saw: (fact) => this.seen.push(fact),
      did: (effect) => this.effects.push(effect),
      signal: this.#overdue.signal,
    });
    const outcome = await Promise.race([stands, over]);
    // Who answers that the outcome is unknown does so before the work itself has heard of it.
    if (this.#overdue.signal.aborted) await new Promise(setImmediate);
    return { pending: outcome ? null : this.#pending, outcome };
  }

  #store(): EventStore {
    const unused = () => {
      throw new RangeError('Nobody should need this');
    };
    return {
      read: async (stream, { fromRevision = 0 } = {}) => {
        const recall = this.#recall;
        this.#recall = null;
        const answer = await this.#ask({ kind: 'READ', stream, fromRevision, ...(recall && { recall }) });
        if (answer.kind !== 'EVENTS') throw this.#errorFor(answer, stream);
        return recorded(stream, answer.stream, answer.visible, fromRevision);
      },
      append: async (stream, events, { expectedRevision: expected }) => {
        const facts = events.map(({ type, data }) => ({ type, data }));
        const isRepeat = this.#isRepeat(stream, events);
        const answer = await this.#ask({ kind: 'APPEND', stream, facts, expected, isRepeat });
        if (answer.kind !== 'APPENDED') throw this.#errorFor(answer, stream);
        return { revision: answer.revision, position: positionText(answer.position) };
      },
      delete: async (stream, { expectedRevision: expected }) => {
        const answer = await this.#ask({ kind: 'DELETE', stream, expected });
        if (answer.kind !== 'DONE') throw this.#errorFor(answer, stream);
      },
      setMetadata: async (stream, { truncateBefore: before = 0 }) => {
        const answer = await this.#ask({ kind: 'CUT', stream, before });
        if (answer.kind !== 'DONE') throw this.#errorFor(answer, stream);
      },
      subscribe: unused,
      isPosition: unused,
      progressAt: unused,
      trouble: undefined,
      close: unused,
    };
  }

  /** Questions that are asked at the same time are answered one after the other. */
  #ask(operation: Operation): Promise<Answer> {
    const observation = this.#observations[this.asked.length];
    if (this.#pending) return new Promise(() => undefined);
    this.asked.push(operation);
    if (!observation) {
      this.#pending = operation;
      this.#stand();
      return new Promise(() => undefined);
    }
    this.#surroundings = observation.surroundings;
    this.seen.length = 0;
    this.effects.length = 0;
    return Promise.resolve(observation.answer);
  }

  #isRepeat(stream: string, events: readonly NewEvent[]): boolean {
    const ids = `${stream} ${events.map(({ id }) => id).join(' ')}`;
    const isRepeat = ids === this.#lastIds;
    this.#lastIds = ids;
    return isRepeat;
  }

  #errorFor({ kind }: Answer, stream: string): Error {
    if (kind === 'WRONG_REVISION') return new WrongExpectedRevisionError(stream, 'any');
    if (kind === 'UNKNOWN_TO_THE_LAST') this.#overdue.abort();
    return new EventStoreUnavailableError('The connection was lost');
  }
}

function nameOf(answer: Answer): string {
  switch (answer.kind) {
    case 'EVENTS':
      return `EVENTS ${answer.stream.id} ${answer.visible}`;
    case 'APPENDED':
      return `APPENDED ${answer.revision} ${answer.position}`;
    case 'DONE':
    case 'WRONG_REVISION':
    case 'UNKNOWN':
    case 'UNKNOWN_TO_THE_LAST':
      return answer.kind;
    default:
      return answer satisfies never;
  }
}
