/** How one state becomes another. */
export interface Step<State> {
  /** In words. */
  readonly label: () => string;
  readonly to: State;
  /** What is wrong with the step itself; null: nothing. */
  readonly fault: string | null;
}

export interface Steps<State> {
  /** All that may happen next, misfortunes included; in the same order each time. */
  readonly all: readonly Step<State>[];
  /** The one of them that comes next where nothing goes wrong any more; null: the world is at rest. */
  readonly onwards: Step<State> | null;
}

/** A world whose next states follow from its present one. */
export interface Model<State> {
  readonly initial: State;
  /** Equal for equal states alone. */
  keyOf(state: State): string;
  stepsFrom(state: State): Promise<Steps<State>>;
  /** What must not be so in any state; null: all is well. */
  faultOf(state: State): string | null;
  /** What must not be so where the world is at rest. */
  faultAtRest(state: State): string | null;
}

export interface Exploration {
  readonly states: number;
  readonly steps: number;
  /** States in which nothing more happens by itself. */
  readonly atRest: number;
  readonly violation: Violation | null;
}

export interface Violation {
  readonly what: string;
  /** The shortest way there: nothing bad can be reached in fewer steps. */
  readonly history: readonly string[];
}

/** The n-th step from another state led to this one first. */
interface Origin {
  readonly from: number;
  readonly step: number;
}

/**
 * Visits every state that can be reached, nearest first. In each of them nothing must be wrong, and from each of
 * them the world must come to rest by itself, and be in order there.
 *
 * @param maxStates more than these are not meant to be visited: it would go on for ever
 */
export class Explorer<State> {
  readonly #model: Model<State>;
  readonly #maxStates: number;
  readonly #known = new Map<string, number>();
  readonly #origins: Origin[] = [];
  /** To where each state goes by itself; null: it is at rest. */
  readonly #onwards: (number | null)[] = [];
  readonly #faultsAtRest = new Map<number, string>();
  #steps = 0;

  constructor(model: Model<State>, maxStates: number) {
    this.#model = model;
    this.#maxStates = maxStates;
  }

  async explore(): Promise<Exploration> {
    this.#meet(this.#model.initial, { from: 0, step: 0 });
    const violation = (await this.#visitAll()) ?? (await this.#followAll());
    return {
      states: this.#origins.length,
      steps: this.#steps,
      atRest: this.#onwards.filter((to) => to === null).length,
      violation,
    };
  }

  async #visitAll(): Promise<Violation | null> {
    let frontier: readonly State[] = [this.#model.initial];
    let index = 0;
    while (frontier.length > 0) {
      const reached: State[] = [];
      for (const state of frontier) {
        const violation = await this.#visit(state, index, reached);
        if (violation) return violation;
        index += 1;
      }
      frontier = reached;
    }
    return null;
  }

  async #visit(state: State, index: number, reached: State[]): Promise<Violation | null> {
    const { all, onwards } = await this.#model.stepsFrom(state);
    for (const [step, { to, fault, label }] of all.entries()) {
      this.#steps += 1;
      if (fault !== null) return { what: fault, history: [...(await this.#historyOf(index)), label()] };
      if (!this.#meet(to, { from: index, step })) continue;
      const wrong = this.#model.faultOf(to);
      if (wrong !== null) return { what: wrong, history: [...(await this.#historyOf(index)), label()] };
      reached.push(to);
    }
    const to = onwards && this.#known.get(this.#model.keyOf(onwards.to));
    if (to === undefined) throw new RangeError('What happens by itself is none of what may happen');
    this.#onwards[index] = to;
    const wrong = to === null ? this.#model.faultAtRest(state) : null;
    if (wrong !== null) this.#faultsAtRest.set(index, wrong);
    return null;
  }

  /** Whether the state is seen for the first time. */
  #meet(state: State, origin: Origin): boolean {
    const key = this.#model.keyOf(state);
    if (this.#known.has(key)) return false;
    if (this.#origins.length >= this.#maxStates)
      throw new RangeError(`There are more than ${this.#maxStates} states`);
    this.#known.set(key, this.#origins.push(origin) - 1);
    return true;
  }

  /** Follows from every state what happens by itself. */
  async #followAll(): Promise<Violation | null> {
    const endsWell = new Set<number>();
    for (const start of this.#onwards.keys()) {
      const path = new Set<number>();
      for (let at: number | null = start; at !== null && !endsWell.has(at); at = this.#onwards[at] ?? null) {
        const wrong = path.has(at) ? 'it goes round in circles' : this.#faultsAtRest.get(at);
        path.add(at);
        if (wrong !== undefined) return this.#endsBadly(start, [...path], wrong);
      }
      for (const index of path) endsWell.add(index);
    }
    return null;
  }

  async #endsBadly(start: number, path: readonly number[], what: string): Promise<Violation> {
    const history = await this.#historyOf(start);
    let { state } = await this.#retrace(start);
    const byItself: string[] = [];
    for (const _ of path.slice(1)) {
      const { onwards } = await this.#model.stepsFrom(state);
      if (!onwards) break;
      byItself.push(`by itself: ${onwards.label()}`);
      state = onwards.to;
    }
    return { what: `Left to itself, ${what}`, history: [...history, ...byItself] };
  }

  async #historyOf(index: number): Promise<readonly string[]> {
    return (await this.#retrace(index)).labels;
  }

  /** Goes the way to a state once more: what was met on it was not kept. */
  async #retrace(index: number): Promise<{ readonly state: State; readonly labels: readonly string[] }> {
    const labels: string[] = [];
    const way: number[] = [];
    for (let at = index; at > 0;) {
      const { from, step } = this.#origins[at] ?? { from: 0, step: 0 };
      way.unshift(step);
      at = from;
    }
    let state = this.#model.initial;
    for (const number of way) {
      const step = (await this.#model.stepsFrom(state)).all[number];
      if (!step) throw new RangeError('A state has other steps than before');
      labels.push(step.label());
      state = step.to;
    }
    return { state, labels };
  }
}
