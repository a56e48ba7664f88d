import { CategoryTally, tallyIn } from './category-tally.js';
import type { Feature } from './transaction-features.js';

/** Transactions that are made up for each feature and category, so that none is impossible. */
const smoothing = 0.15;
/** Features depend on each other, so that together they say less than the sum of what each says. */
const dependence = 2;

/** The general pattern: which categories go with which words, amounts and accounts. */
export class NaiveBayes {
  readonly overall = new CategoryTally();
  readonly #byFeature = new Map<string, CategoryTally>();

  /** @param weight how much the transaction says about others, from 0 to 1; as evidence it counts in any case */
  learn(features: readonly Feature[], categoryId: string, date: string, weight = 1): void {
    this.overall.add(categoryId, date, weight);
    for (const feature of features) tallyIn(this.#byFeature, keyOf(feature), 1).add(categoryId, date, weight);
  }

  /**
   * By category. They add up to less than 1: the rest is for categories that did not occur yet, which are the
   * more probable the more often a transaction was the first of its category (Witten and Bell's estimate).
   */
  probabilities(features: readonly Feature[]): ReadonlyMap<string, number> {
    const tallies = this.#known(features)
      .map(({ tally }) => tally)
      .filter(({ weight }) => weight > 0);
    const logarithms = [...this.overall.categoryIds].map((categoryId) => {
      const ofCategory = this.overall.weightOf(categoryId);
      const likelihood = sum(tallies, (tally) =>
        Math.log((tally.weightOf(categoryId) + smoothing) / (ofCategory + 2 * smoothing)),
      );
      return [categoryId, Math.log(ofCategory) + likelihood / dependence] as const;
    });
    const highest = logarithms.reduce((max, [, logarithm]) => Math.max(max, logarithm), -Infinity);
    const relative = logarithms.map(([id, logarithm]) => [id, Math.exp(logarithm - highest)] as const);
    const known = this.overall.weight / (this.overall.weight + relative.length);
    const whole = sum(relative, ([, weight]) => weight);
    return new Map(relative.map(([id, weight]) => [id, (known * weight) / whole]));
  }

  /** The feature that goes with the category most; null where none does more than transactions in general. */
  clearestSign(features: readonly Feature[], categoryId: string): Sign | null {
    const inGeneral = this.overall.countOf(categoryId) / this.overall.count;
    let clearest: Sign | null = null;
    let highest = inGeneral;
    for (const sign of this.#known(features)) {
      // One transaction of a word proves little, so each has one more of the general kind.
      const share = (sign.tally.countOf(categoryId) + inGeneral) / (sign.tally.count + 1);
      if (share <= highest) continue;
      highest = share;
      clearest = sign;
    }
    return clearest;
  }

  #known(features: readonly Feature[]): readonly Sign[] {
    return features.flatMap((feature) => {
      const tally = this.#byFeature.get(keyOf(feature));
      return tally ? [{ feature, tally }] : [];
    });
  }
}

export interface Sign {
  readonly feature: Feature;
  readonly tally: CategoryTally;
}

function keyOf({ kind, value }: Feature): string {
  return `${kind} ${value}`;
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}
