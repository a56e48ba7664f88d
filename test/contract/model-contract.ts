import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventStore, ExpectedRevision } from '../../src/eventstore/event-store.js';
import { WrongExpectedRevisionError } from '../../src/eventstore/event-store-errors.js';
import { append, newStream } from './contract-events.js';
import type { CurrentStore } from './current-store.js';
import { StreamModel } from './stream-model.js';

/** Steps say what to do relative to the state that they meet, so that every sequence makes sense. */
type Step =
  | { kind: 'append'; count: number; expects: 'its revision' | 'another' | 'no-stream' | 'any' }
  | { kind: 'repeat'; which: number }
  | { kind: 'truncate'; keep: number }
  | { kind: 'limit'; maxCount: number }
  | { kind: 'delete'; isRight: boolean }
  | { kind: 'read'; from: number | undefined; limit: number; direction: 'forwards' | 'backwards' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        count: fc.integer({ min: 1, max: 3 }),
        expects: fc.constantFrom('its revision', 'its revision', 'another', 'no-stream', 'any'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(20) }) },
    fc.record({ kind: fc.constant('truncate' as const), keep: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('limit' as const), maxCount: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('delete' as const), isRight: fc.boolean() }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('read' as const),
        from: fc.option(fc.nat(6), { nil: undefined }),
        limit: fc.integer({ min: 1, max: 5 }),
        direction: fc.constantFrom('forwards', 'backwards'),
      }),
    },
  ),
  { maxLength: 25 },
);

export function describeModel(current: CurrentStore): void {
  describe('a stream', () => {
    it('does what its model does, whatever is asked of it in whatever order', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const run = new ModelRun(current());
          for (const step of sequence) await run.take(step);
        }),
        { numRuns: 150 },
      );
    });
  });
}

interface PastAppend {
  readonly ids: readonly string[];
  readonly expected: ExpectedRevision;
  /** Of the stream's life then. */
  readonly beginsAt: number;
  readonly answer: number | undefined;
}

/** Takes each step with a store and with the model, and compares the answers and what the stream then holds. */
class ModelRun {
  readonly #store: EventStore;
  readonly #stream = newStream();
  readonly #model = new StreamModel();
  readonly #appends: PastAppend[] = [];
  #isLimited = false;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async take(step: Step): Promise<void> {
    await this.#act(step);
    await this.#compareRead({});
  }

  async #act(step: Step): Promise<void> {
    const model = this.#model;
    switch (step.kind) {
      case 'append': {
        const ids = Array.from({ length: step.count }, () => randomUUID());
        return this.#append(ids, this.#expectation(step.expects));
      }
      case 'repeat': {
        const past = this.#appends[step.which % this.#appends.length];
        return past && this.#isRepeatable(past) ? this.#append(past.ids, past.expected) : undefined;
      }
      case 'truncate':
        return this.#setMetadata({
          truncateBefore: Math.max(model.firstRevision, model.revision - step.keep + 1),
        });
      case 'limit':
        return this.#setMetadata({ truncateBefore: model.firstRevision, maxCount: step.maxCount });
      case 'delete':
        return this.#delete(step.isRight ? Math.max(0, model.revision) : model.revision + 1);
      case 'read':
        return this.#compareRead({
          direction: step.direction,
          limit: step.limit,
          // Within the stream: what reading backwards from beyond its end gives is not agreed.
          ...(step.from === undefined
            ? {}
            : { fromRevision: Math.min(step.from, Math.max(0, model.revision)) }),
        });
    }
  }

  #expectation(expects: (Step & { kind: 'append' })['expects']): ExpectedRevision {
    const { exists, revision } = this.#model;
    if (expects === 'no-stream' || expects === 'any') return expects;
    if (expects === 'another') return exists ? revision + 1 : 'no-stream';
    return exists ? revision : 'no-stream';
  }

  /** What is answered to ids of a former life, or whose events were cut, is not agreed. */
  #isRepeatable({ ids, beginsAt, expected, answer }: PastAppend): boolean {
    const { firstRevision, exists } = this.#model;
    if (beginsAt !== this.#model.beginsAt) return false;
    if (answer === undefined) return exists || typeof expected !== 'number';
    return answer - ids.length + 1 >= firstRevision;
  }

  async #append(ids: readonly string[], expected: ExpectedRevision): Promise<void> {
    const { beginsAt } = this.#model;
    const answer = this.#model.append(ids, expected);
    const events = ids.map((id) => ({ id, type: 'SomethingHappened', data: { id } }));
    const appended = append(this.#store, this.#stream, events, expected);
    if (answer === undefined) await expect(appended).rejects.toThrow(WrongExpectedRevisionError);
    else expect(await appended).toMatchObject({ revision: answer });
    this.#appends.push({ ids, expected, beginsAt, answer });
  }

  async #setMetadata(metadata: { truncateBefore: number; maxCount?: number }): Promise<void> {
    if (!this.#model.exists) return;
    this.#isLimited = metadata.maxCount !== undefined;
    this.#model.setMetadata(metadata);
    await this.#store.setMetadata(this.#stream, metadata);
  }

  async #delete(expectedRevision: number): Promise<void> {
    // Whether a limit outlives the stream is not agreed.
    if (this.#isLimited) return;
    const isAccepted = this.#model.delete(expectedRevision);
    const deleted = this.#store.delete(this.#stream, { expectedRevision });
    if (isAccepted) await deleted;
    else await expect(deleted).rejects.toThrow(WrongExpectedRevisionError);
  }

  async #compareRead(options: Parameters<StreamModel['read']>[0]): Promise<void> {
    const events = await this.#store.read(this.#stream, options);
    expect(events.map(({ id, revision }) => ({ id, revision }))).toEqual(this.#model.read(options));
    expect(events.every(({ id, data }) => data?.id === id)).toBe(true);
  }
}
