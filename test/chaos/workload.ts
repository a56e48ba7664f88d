import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../src/demo/random.js';
import type { ChaosBudget } from './chaos-budgets.js';
import type { ChaosServer } from './chaos-server.js';
import { follow } from './follow.js';
import { Hand } from './hand.js';
import type { Notebook } from './notebook.js';
import type { Pace } from './pace.js';
import { until } from './until.js';
import type { User } from './users.js';

export interface WorkloadOptions {
  readonly seed: number;
  readonly pace: Pace;
  readonly users: readonly User[];
  readonly budgets: readonly ChaosBudget[];
  readonly servers: readonly ChaosServer[];
  readonly notebook: Notebook;
}

type State = 'WORKING' | 'PAUSED' | 'OVER';

/** Users at work over the public API: what they do follows from the seed, and from what they find. */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #done: Promise<unknown>;
  readonly #watching = new Set<Promise<void>>();
  #state: State = 'PAUSED';
  #busy = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
    const { users, notebook, pace } = options;
    const random = new Random(options.seed);
    const anyServer = () => this.#anyServer(random);
    this.#done = Promise.all(
      users.flatMap((user, index) => {
        const known: string[] = [];
        const hands = Array.from({ length: pace.hands }, (_, hand) =>
          this.#work(user, known, `${user.name}'s hand ${hand + 1}`, index * pace.hands + hand),
        );
        return [...hands, follow(user, { anyServer, notebook })];
      }),
    );
  }

  resume(): void {
    this.#state = 'WORKING';
  }

  /** Resolves when all that was asked for is answered: some server has to be there, or it has to be over. */
  async pause(): Promise<void> {
    if (this.#state !== 'OVER') this.#state = 'PAUSED';
    await until(() => this.#busy === 0 || undefined);
  }

  /** Whoever waits for a server waits no longer. */
  end(): void {
    this.#state = 'OVER';
  }

  /** Resolves when it has ended and the servers are gone. */
  get ended(): Promise<unknown> {
    return this.#done.then(() => Promise.all(this.#watching));
  }

  async #work(user: User, known: string[], witness: string, index: number): Promise<void> {
    const random = new Random(this.#options.seed * 7919 + index);
    const beside = (watched: Promise<void>) => {
      this.#watching.add(watched);
      void watched.finally(() => this.#watching.delete(watched));
    };
    const hand = new Hand({ ...this.#options, user, known, witness, random, beside });
    while (this.#state !== 'OVER') {
      await pause(random.between(...this.#options.pace.pauseMs));
      if (this.#state !== 'WORKING') continue;
      this.#busy += 1;
      await hand.doSomething(() => this.#anyServer(random));
      this.#busy -= 1;
    }
  }

  /** Null where it is over before there is one. */
  async #anyServer(random: Random): Promise<ChaosServer | null> {
    const found = await until(() => {
      if (this.#state === 'OVER') return null;
      const ready = this.#options.servers.filter(({ url }) => url !== undefined);
      return ready[random.between(0, Math.max(0, ready.length - 1))];
    });
    return found ?? null;
  }
}
