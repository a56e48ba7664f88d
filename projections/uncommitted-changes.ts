import { budgetIdOf, jobIdOf, jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { Position, RecordedEvent } from '../src/eventstore/event-store.js';

/** Each once, in the order of its last event. */
export interface Changes {
  readonly jobs: readonly Changed[];
  /** By budget. */
  readonly lanes: readonly Changed[];
}

interface Changed {
  readonly id: string;
  /** Of the last event in its stream. */
  readonly revision: number;
}

/** What was changed by the events since the last commit. */
export class UncommittedChanges {
  /** The last revision of each. */
  readonly #streams = new Map<string, number>();
  #events = 0;
  #position: Position = '';

  get events(): number {
    return this.#events;
  }

  /** Of the last event. */
  get position(): Position {
    return this.#position;
  }

  add({ stream, revision, position }: RecordedEvent): void {
    this.#events += 1;
    this.#position = position;
    // Last changed comes last.
    this.#streams.delete(stream);
    this.#streams.set(stream, revision);
  }

  /** All of it; it then begins anew. */
  take(): Changes {
    const streams = [...this.#streams];
    this.#streams.clear();
    this.#events = 0;
    return {
      jobs: changed(streams, jobPrefix, jobIdOf),
      lanes: changed(streams, lanePrefix, budgetIdOf),
    };
  }
}

function changed(
  streams: readonly (readonly [stream: string, revision: number])[],
  prefix: string,
  idOf: (stream: string) => string,
): readonly Changed[] {
  return streams.flatMap(([stream, revision]) =>
    stream.startsWith(prefix) ? [{ id: idOf(stream), revision }] : [],
  );
}
