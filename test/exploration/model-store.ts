import type { JsonObject, RecordedEvent } from '../../src/eventstore/event-store.js';
import { jobPrefix, jobStream } from '../../src/domain/streams.js';

interface ModelEvent {
  readonly type: string;
  readonly data: JsonObject;
  readonly position: number;
}

/** One stream as data. Two that are equal are the same object: see `Streams`. */
export interface ModelStream {
  readonly id: number;
  /** What was neither cut nor deleted. */
  readonly events: readonly ModelEvent[];
  /** The revision of the first of them, or of the next one to come. */
  readonly first: number;
  /** Of the last event that there ever was. */
  readonly position: number;
  /** How often the stream was deleted. */
  readonly deletions: number;
}

/** All streams that there are, by name. */
export type ModelStore = ReadonlyMap<string, ModelStream>;

export type Expected = number | 'no-stream' | 'any';

/** What an append or a deletion makes of the store; null: the stream is not at the expected revision. */
type Changed = { readonly store: ModelStore; readonly stream: ModelStream } | null;

/**
 * The event store as a model: pure functions from store to store, as the port documents them. Event ids are left
 * out: an append that is repeated is known by whoever repeats it.
 */
export class Streams {
  readonly #known = new Map<string, ModelStream>();
  readonly #none = this.#same({ events: [], first: 0, position: 0, deletions: 0 });

  get(store: ModelStore, name: string): ModelStream {
    return store.get(name) ?? this.#none;
  }

  append(
    store: ModelStore,
    name: string,
    facts: readonly { readonly type: string; readonly data: JsonObject }[],
    expected: Expected,
  ): Changed {
    const before = this.get(store, name);
    if (!isAt(before, expected)) return null;
    const after = this.#after(store, name, facts);
    const events = facts.map(({ type, data }, index) => ({ type, data, position: after + index }));
    return this.#put(store, name, {
      ...before,
      events: [...before.events, ...events],
      position: after + facts.length - 1,
    });
  }

  delete(store: ModelStore, name: string, expected: number): Changed {
    const before = this.get(store, name);
    if (before.events.length === 0) return { store, stream: before };
    if (!isAt(before, expected)) return null;
    const first = before.first + before.events.length;
    return this.#put(store, name, { ...before, events: [], first, deletions: before.deletions + 1 });
  }

  cut(store: ModelStore, name: string, truncateBefore: number): ModelStore {
    const before = this.get(store, name);
    const gone = Math.min(before.events.length, Math.max(0, truncateBefore - before.first));
    return this.#put(store, name, {
      ...before,
      events: before.events.slice(gone),
      first: before.first + gone,
    }).store;
  }

  #put(store: ModelStore, name: string, content: Omit<ModelStream, 'id'>) {
    const stream = this.#same(content);
    return { store: new Map(store).set(name, stream), stream };
  }

  #same({ events, first, position, deletions }: Omit<ModelStream, 'id'>): ModelStream {
    const text = JSON.stringify([events, first, position, deletions]);
    const known = this.#known.get(text);
    if (known) return known;
    const stream = { id: this.#known.size, events, first, position, deletions };
    this.#known.set(text, stream);
    return stream;
  }

  /**
   * The next position. Only what is about one job is ordered, in its own stream and in lanes: nobody compares other
   * positions, and worlds that differ in no more than those are the same.
   */
  #after(store: ModelStore, name: string, facts: readonly { readonly data: JsonObject }[]): number {
    const before = [this.get(store, name).position];
    // An id that stands for another job.
    for (const { data } of facts) before.push(this.get(store, jobStream(String(data.to))).position);
    if (name.startsWith(jobPrefix)) {
      for (const [lane, { events }] of store) {
        if (lane.startsWith(jobPrefix)) continue;
        for (const { data, position } of events) {
          if (jobStream(String(data.jobId)) === name) before.push(position);
        }
      }
    } else {
      for (const { data } of facts) before.push(this.get(store, jobStream(String(data.jobId))).position);
    }
    return Math.max(...before) + 1;
  }
}

export function revisionOf({ events, first }: ModelStream): number {
  return first + events.length - 1;
}

/** As the port gives it: `visible` of the stream's events, from a revision on. */
export function recorded(
  name: string,
  { events, first }: ModelStream,
  visible: number,
  fromRevision: number,
): readonly RecordedEvent[] {
  return events.slice(0, visible).flatMap(({ type, data, position }, index) => {
    const revision = first + index;
    if (revision < fromRevision) return [];
    return [{ id: '', type, data, stream: name, revision, position: positionText(position) }];
  });
}

export function positionText(position: number): string {
  return String(position).padStart(6, '0');
}

function isAt(stream: ModelStream, expected: Expected): boolean {
  if (expected === 'any') return true;
  const exists = stream.events.length > 0;
  return expected === 'no-stream' ? !exists : exists && revisionOf(stream) === expected;
}
