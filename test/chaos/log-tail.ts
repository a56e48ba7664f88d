import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { chronicleOf } from './chronicle.js';
import { faultsAtRest } from './history-rules.js';

/** Reads a log from outside, again and again, and keeps all that it ever held. */
export class LogTail {
  readonly events: RecordedEvent[] = [];
  readonly #readAfter: (position: string) => Promise<readonly RecordedEvent[]>;
  #work: Promise<void> = Promise.resolve();
  /** So many of them came before everything was last at rest. */
  #atRest = 0;

  constructor(readAfter: (position: string) => Promise<readonly RecordedEvent[]>) {
    this.#readAfter = readAfter;
  }

  get position(): string {
    return this.events.at(-1)?.position ?? '';
  }

  /** One at a time: no event is read twice. */
  read(): Promise<void> {
    this.#work = this.#work.then(async () => {
      this.events.push(...(await this.#readAfter(this.position)));
    });
    return this.#work;
  }

  /** Whether nothing is left to do of what came since it was last at rest. */
  get isAtRest(): boolean {
    return faultsAtRest(chronicleOf(this.events.slice(this.#atRest))).every(({ rule }) => rule !== 'END');
  }

  rest(): void {
    this.#atRest = this.events.length;
  }
}
