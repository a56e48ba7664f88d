import type { PartReadiness, PartState, PartStates, Readiness } from './readiness.js';

export interface ReadinessWatchOptions {
  /** The parts as they are at this moment. */
  readonly look: () => PartStates;
  /** The present time, as an ISO instant in UTC. */
  readonly now: () => string;
}

/** How often it is looked (milliseconds): so exactly is it known since when a part has its status. */
const lookEveryMs = 1_000;

/** Looks at all parts now and then, and remembers since when each has its status. */
export class ReadinessWatch {
  readonly #options: ReadinessWatchOptions;
  readonly #seen = new Map<string, { readonly status: string; readonly since: string }>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: ReadinessWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), lookEveryMs);
    this.look();
  }

  look(): Readiness {
    const parts = this.#withSince(this.#options.look(), '');
    const ready = Object.values(parts).every((part) => part.ready);
    return { ready, since: this.#sinceOf('', String(ready)), parts };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #withSince(states: PartStates, path: string): Readonly<Record<string, PartReadiness>> {
    const entries = Object.entries(states).map(([name, state]) => {
      const ownPath = `${path}/${name}`;
      return [name, this.#part(state, ownPath)] as const;
    });
    return Object.fromEntries(entries);
  }

  #part({ ready, status, reason, behind, parts }: PartState, path: string): PartReadiness {
    return {
      ready,
      status,
      since: this.#sinceOf(path, status),
      ...(reason !== undefined && { reason }),
      ...(behind && { behind }),
      ...(parts && { parts: this.#withSince(parts, path) }),
    };
  }

  #sinceOf(path: string, status: string): string {
    const before = this.#seen.get(path);
    if (before?.status === status) return before.since;
    const since = this.#options.now();
    this.#seen.set(path, { status, since });
    return since;
  }
}
