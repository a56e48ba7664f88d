import { CategoryTally } from './category-tally.js';

export interface SimilarPayee {
  readonly key: string;
  /** As it was first written. */
  readonly name: string;
  readonly tally: CategoryTally;
  /** 1 for the very payee, at least `leastSimilarity`. */
  readonly similarity: number;
}

const leastSimilarity = 0.35;
const mostPayees = 5;
/** What more payees than this have in common, such as "card payment", tells none apart, and would be slow to look at. */
const mostPayeesOfPart = 300;

interface KnownPayee {
  readonly key: string;
  readonly name: string;
  readonly tally: CategoryTally;
  readonly partCount: number;
}

/** Finds the payees whose names resemble one: the cosine of their sets of three-letter parts. */
export class SimilarPayees {
  readonly #byKey = new Map<string, KnownPayee>();
  readonly #byPart = new Map<string, KnownPayee[]>();

  /** @param kept what is left of the weight of a payee's older transactions at each new one */
  constructor(readonly kept: number) {}

  learn(payee: { readonly key: string; readonly name: string }, categoryId: string, date: string): void {
    const known = this.#byKey.get(payee.key) ?? this.#added(payee);
    known.tally.add(categoryId, date);
  }

  /** The most similar first; names decide between equals. */
  similarTo(key: string): readonly SimilarPayee[] {
    const parts = partsOf(key);
    const shared = new Map<KnownPayee, number>();
    for (const part of parts) {
      const payees = this.#byPart.get(part) ?? [];
      if (payees.length > mostPayeesOfPart) continue;
      for (const payee of payees) shared.set(payee, (shared.get(payee) ?? 0) + 1);
    }
    return [...shared]
      .map(([{ key, name, tally, partCount }, count]) => {
        return { key, name, tally, similarity: count / Math.sqrt(parts.size * partCount) };
      })
      .filter(({ similarity }) => similarity >= leastSimilarity)
      .sort((a, b) => b.similarity - a.similarity || (a.key < b.key ? -1 : 1))
      .slice(0, mostPayees);
  }

  #added({ key, name }: { readonly key: string; readonly name: string }): KnownPayee {
    const parts = partsOf(key);
    const payee = { key, name, tally: new CategoryTally(this.kept), partCount: parts.size };
    this.#byKey.set(key, payee);
    for (const part of parts) {
      const payees = this.#byPart.get(part);
      if (!payees) this.#byPart.set(part, [payee]);
      else if (payees.length <= mostPayeesOfPart) payees.push(payee);
    }
    return payee;
  }
}

/** With the spaces around it, so that the beginning and the end of a name count. */
function partsOf(key: string): ReadonlySet<string> {
  const text = ` ${key} `;
  return new Set(Array.from({ length: text.length - 2 }, (_, start) => text.slice(start, start + 3)));
}
