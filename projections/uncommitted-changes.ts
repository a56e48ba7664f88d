import { budgetIdOf, jobIdOf, jobPrefix, lanePrefix } from '../src/domain/streams.js';
import type { Position, RecordedEvent } from '../src/eventstore/event-store.js';
import type { Landmark } from './landmarks.js';

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
  /** The last event of each. */
  readonly #streams = new Map<string, Landmark>();
  #events = 0;
  #position: Position = '';

  get events(): number {
    return this.#events;
  }

  /** Of the last event. */
  get position(): Position {
    return this.#position;
  }

  add(event: RecordedEvent): void {
    const { stream, revision, id, position } = event;
    this.passBy(event);
    // Last changed comes last.
    this.#streams.delete(stream);
    this.#streams.set(stream, { stream, revision, id, position });
  }

  /** An event that means nothing for anybody. */
  passBy({ position }: RecordedEvent): void {
    this.#events += 1;
    this.#position = position;
  }

  /** The last event of each stream, in their order. */
  get landmarks(): readonly Landmark[] {
    return [...this.#streams.values()];
  }

  /** All of it; it then begins anew. */
  take(): Changes {
    const streams = this.landmarks;
    this.#streams.clear();
    this.#events = 0;
    return {
      jobs: changed(streams, jobPrefix, jobIdOf),
      lanes: changed(streams, lanePrefix, budgetIdOf),
    };
  }
}

function changed(
  streams: readonly Landmark[],
  prefix: string,
  idOf: (stream: string) => string,
): readonly Changed[] {
  return streams.flatMap(({ stream, revision }) =>
    stream.startsWith(prefix) ? [{ id: idOf(stream), revision }] : [],
  );
}
