import type { ExpectedRevision, ReadOptions } from '../../src/eventstore/event-store.js';

export interface ModelEvent {
  readonly id: string;
  readonly revision: number;
}

/** What a stream does, as simply as it can be said: the property of `model-contract.ts` compares a store with it. */
export class StreamModel {
  /** Of the last event ever. */
  #revision = -1;
  /** Revision of the first event since the stream began, or began anew. */
  #beginsAt = 0;
  #maxCount = Infinity;
  #events: readonly ModelEvent[] = [];

  get exists(): boolean {
    return this.#revision >= this.#beginsAt;
  }

  get revision(): number {
    return this.#revision;
  }

  get beginsAt(): number {
    return this.#beginsAt;
  }

  /** The first event that can still be read. */
  get firstRevision(): number {
    return this.#events[0]?.revision ?? this.#revision + 1;
  }

  /** @returns the revision to answer with; undefined: refused */
  append(ids: readonly string[], expected: ExpectedRevision): number | undefined {
    const next = this.#revision + 1;
    const first = this.#firstOf(ids, expected);
    if (first === next) {
      this.#events = [...this.#events, ...ids.map((id, index) => ({ id, revision: first + index }))];
      this.#revision = first + ids.length - 1;
      this.#cut(this.#revision - this.#maxCount + 1);
      return this.#revision;
    }
    const isKnown = ids.every((id, index) =>
      this.#events.some((event) => event.id === id && event.revision === first + index),
    );
    return isKnown ? first + ids.length - 1 : undefined;
  }

  read({ direction = 'forwards', fromRevision, limit = Infinity }: ReadOptions): readonly ModelEvent[] {
    const inOrder = direction === 'forwards' ? this.#events : this.#events.toReversed();
    return inOrder
      .filter(({ revision }) => {
        if (fromRevision === undefined) return true;
        return direction === 'forwards' ? revision >= fromRevision : revision <= fromRevision;
      })
      .slice(0, limit);
  }

  setMetadata({ truncateBefore, maxCount = Infinity }: { truncateBefore: number; maxCount?: number }): void {
    this.#maxCount = maxCount;
    this.#cut(Math.max(truncateBefore, this.#revision - maxCount + 1));
  }

  /** @returns whether it was accepted */
  delete(expected: number): boolean {
    if (this.#revision < 0 || (this.exists && expected !== this.#revision)) return false;
    this.#beginsAt = this.#revision + 1;
    this.#events = [];
    return true;
  }

  #firstOf(ids: readonly string[], expected: ExpectedRevision): number {
    if (expected === 'no-stream') return this.#beginsAt;
    if (expected !== 'any') return expected + 1;
    return this.#events.find(({ id }) => id === ids[0])?.revision ?? this.#revision + 1;
  }

  #cut(before: number): void {
    this.#events = this.#events.filter(({ revision }) => revision >= before);
  }
}
