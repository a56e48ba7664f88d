export interface Counts {
  /** Transactions with the category in question. */
  readonly matching: number;
  /** Transactions with any category. */
  readonly all: number;
  /** Of the newest one with the category, 'YYYY-MM-DD'; '' where there is none. */
  readonly lastDate: string;
}

/** Which categories transactions of one kind were given, how often and when last. */
export class CategoryTally {
  readonly #entries = new Map<string, { count: number; weight: number; lastDate: string }>();
  #count = 0;
  #weight = 0;

  /** @param kept what is left of the weight of older transactions at each new one, from 0 to 1 */
  constructor(readonly kept = 1) {}

  get count(): number {
    return this.#count;
  }

  /** Of all categories together. Older transactions may weigh less, and some nothing. */
  get weight(): number {
    return this.#weight;
  }

  get categoryIds(): Iterable<string> {
    return this.#entries.keys();
  }

  /** @param weight how much the transaction says, from 0 to 1; it is counted in any case */
  add(categoryId: string, date: string, weight = 1): void {
    if (this.kept < 1) for (const entry of this.#entries.values()) entry.weight *= this.kept;
    this.#weight = this.#weight * this.kept + weight;
    this.#count += 1;
    const entry = this.#entries.get(categoryId);
    if (!entry) {
      this.#entries.set(categoryId, { count: 1, weight, lastDate: date });
      return;
    }
    entry.count += 1;
    entry.weight += weight;
    if (date > entry.lastDate) entry.lastDate = date;
  }

  countOf(categoryId: string): number {
    return this.#entries.get(categoryId)?.count ?? 0;
  }

  weightOf(categoryId: string): number {
    return this.#entries.get(categoryId)?.weight ?? 0;
  }

  /** From 0 to 1, by weight. */
  shareOf(categoryId: string): number {
    return this.weightOf(categoryId) / (this.#weight || 1);
  }

  countsOf(categoryId: string): Counts {
    const { count, lastDate } = this.#entries.get(categoryId) ?? { count: 0, lastDate: '' };
    return { matching: count, all: this.#count, lastDate };
  }
}

/** The tally under a key, a new one where there is none. */
export function tallyIn(tallies: Map<string, CategoryTally>, key: string, kept?: number): CategoryTally {
  const known = tallies.get(key);
  if (known) return known;
  const tally = new CategoryTally(kept);
  tallies.set(key, tally);
  return tally;
}
