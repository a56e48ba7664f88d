import { revisionOf } from './model-store.js';
import { fewestRemembered } from './remembered.js';
import type { Scenario } from './scenario.js';
import type { Answer, Operation } from './task.js';
import type { View } from './view.js';
import type { Fiber, Misfortunes, World } from './world.js';

/** One way in which an operation may go. */
export interface Course {
  readonly label: () => string;
  readonly store: World['store'];
  readonly answer: Answer;
  readonly landed?: Fiber['landed'];
  readonly cost?: keyof Misfortunes;
}

type Append = Extract<Operation, { kind: 'APPEND' }>;

/** All ways in which what is asked of the store may go; first the one in which nothing goes wrong. */
export class Courses {
  readonly #view: View;
  readonly #derivesEventIds: boolean;

  constructor(view: View, { sabotage }: Scenario) {
    this.#view = view;
    this.#derivesEventIds = sabotage?.derivesEventIds ?? false;
  }

  of(world: World, fiber: Fiber, operation: Operation): readonly Course[] {
    const { store } = world;
    const { stream: name } = operation;
    switch (operation.kind) {
      case 'READ': {
        const stream = this.#view.streams.get(store, name);
        const all = stream.events.length;
        const { recall } = operation;
        const isRecalled = recall !== undefined && world.left.staleMemories > 0;
        const fewest =
          world.left.staleReads > 0 ? 0 : isRecalled ? fewestRemembered(name, stream.events, recall) : all;
        const cost = isRecalled ? ('staleMemories' as const) : ('staleReads' as const);
        return Array.from({ length: all - fewest + 1 }, (_, missing) => {
          const visible = all - missing;
          const label = () => `reads ${name}: ${visible} of ${all}`;
          const read = { label, store, answer: { kind: 'EVENTS', stream, visible } as const };
          return missing > 0 ? { ...read, cost } : read;
        });
      }
      case 'APPEND':
        return this.#coursesOfAppend(world, fiber, operation);
      case 'DELETE': {
        const deleted = this.#view.streams.delete(store, name, operation.expected);
        return deleted
          ? [{ label: () => `deletes ${name}`, store: deleted.store, answer: { kind: 'DONE' } }]
          : [{ label: () => `cannot delete ${name}`, store, answer: { kind: 'WRONG_REVISION' } }];
      }
      case 'CUT':
        return [
          {
            label: () => `cuts ${name} before ${operation.before}`,
            store: this.#view.streams.cut(store, name, operation.before),
            answer: { kind: 'DONE' },
          },
        ];
      default:
        return operation satisfies never;
    }
  }

  #coursesOfAppend(
    { store, left }: World,
    fiber: Fiber,
    { stream: name, facts, expected, isRepeat }: Append,
  ): readonly Course[] {
    const appends = `appends ${facts.map(({ type }) => type).join(', ')} to ${name}`;
    const label = () => appends;
    if (isRepeat && fiber.landed)
      return [{ label: () => `${appends} once more`, store, answer: fiber.landed }];
    const appended = this.#view.streams.append(store, name, facts, expected);
    if (!appended) return [this.#tooLate(store, name, appends, { facts, expected })];
    const { stream } = appended;
    const answer = { kind: 'APPENDED', revision: revisionOf(stream), position: stream.position } as const;
    const courses: Course[] = [{ label, store: appended.store, answer }];
    if (left.unknownOutcomes === 0) return courses;
    const cost = 'unknownOutcomes';
    courses.push({
      ...{ label: () => `${appends}, and is not told`, cost },
      ...{ store: appended.store, answer: { kind: 'UNKNOWN' }, landed: answer },
    });
    // Who gives up does so for good; whoever repeats an append that was lost does as if it had been slow.
    if (!('command' in fiber.progress.task)) return courses;
    const last = { kind: 'UNKNOWN_TO_THE_LAST' } as const;
    courses.push(
      { label: () => `${appends}, and is not told in time`, cost, store: appended.store, answer: last },
      { label: () => `${appends}, which is lost, and not told in time`, cost, store, answer: last },
    );
    return courses;
  }

  #tooLate(
    store: World['store'],
    name: string,
    appends: string,
    { facts, expected }: Pick<Append, 'facts' | 'expected'>,
  ): Course {
    const { events, first } = this.#view.streams.get(store, name);
    const next = typeof expected === 'number' ? expected + 1 - first : 0;
    const there = events.slice(next, next + facts.length);
    const last = there.at(-1);
    // Ids that follow from stream, revision and type are known to the store already.
    if (this.#derivesEventIds && last && facts.every(({ type }, i) => type === there[i]?.type)) {
      const answer = {
        kind: 'APPENDED',
        revision: first + next + facts.length - 1,
        position: last.position,
      } as const;
      return { label: () => `${appends}, which is there already`, store, answer };
    }
    return { label: () => `${appends}: too late`, store, answer: { kind: 'WRONG_REVISION' } };
  }
}
