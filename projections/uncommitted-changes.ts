import { budgetIdOf, jobIdOf, jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { Position, RecordedEvent } from '../src/eventstore/event-store.js';

export interface Changes {
  /** Each once, in the order of its last event. */
  readonly jobIds: readonly string[];
  readonly budgetIds: readonly string[];
}

/** What was changed by the events since the last commit. */
export class UncommittedChanges {
  readonly #streams = new Set<string>();
  #events = 0;
  #position: Position = '';

  get events(): number {
    return this.#events;
  }

  /** Of the last event. */
  get position(): Position {
    return this.#position;
  }

  add({ stream, position }: RecordedEvent): void {
    this.#events += 1;
    this.#position = position;
    // Last changed comes last.
    this.#streams.delete(stream);
    this.#streams.add(stream);
  }

  /** All of it; it then begins anew. */
  take(): Changes {
    const streams = [...this.#streams];
    this.#streams.clear();
    this.#events = 0;
    return {
      jobIds: streams.filter((stream) => stream.startsWith(jobPrefix)).map(jobIdOf),
      budgetIds: streams.filter((stream) => stream.startsWith(lanePrefix)).map(budgetIdOf),
    };
  }
}
