import { drivingSource, probabilityOf, type Level, type Source } from './back-off.js';
import { Calibration } from './calibration.js';
import { CategoryTally, tallyIn } from './category-tally.js';
import type { Basis, Evidence } from './evidence.js';
import { NaiveBayes } from './naive-bayes.js';
import { payeeKey } from './payee-name.js';
import { SimilarPayees, type SimilarPayee } from './similar-payees.js';
import type { CategorisedTransaction, Transaction } from './suggester.js';
import { directionOf, featuresOf, type Direction, type Feature } from './transaction-features.js';

/** What is left of the weight of a payee's older transactions at each new one: habits change. */
const kept = 0.8;
/** How much each level of the chain counts for the next, in transactions. */
const parentWeight = { ofSimilarPayees: 0.7, ofPayee: 0.7, ofPayeeAndAmount: 1 };
/**
 * So many transactions of a payee in one category say something about other payees. The pattern is for payees that are
 * new, and what the household does again and again with one of them says nothing about those (Kneser and Ney's idea).
 */
const telling = 3;

export interface Prediction {
  readonly categoryId: string;
  /** From 0 to 1: how often predictions of this kind were right. */
  readonly confidence: number;
  readonly evidence: Evidence;
}

/**
 * Predicts categories from transactions that have one. A chain: the general pattern, then payees of similar
 * name (for a payee that is new), then the very payee, then payee and amount; each smooths the next. What
 * comes out is corrected by how often the model was right before.
 *
 * Transactions are learnt oldest first. The order of those of different payees on one day does not matter.
 */
export class CategoryModel {
  readonly #pattern = new NaiveBayes();
  readonly #similar = new SimilarPayees(kept);
  readonly #byPayee = new Map<string, CategoryTally>();
  readonly #byPayeeAndAmount = new Map<string, CategoryTally>();
  readonly #calibration = new Calibration();
  /** How often each payee was given each category, by direction. */
  readonly #habits = new Map<string, number>();

  /**
   * @param selectable ids of the categories that may be predicted, the first of equals winning. Others are
   *   learnt too: what belongs to them belongs to no other.
   */
  constructor(readonly selectable: readonly string[]) {}

  learn(transaction: CategorisedTransaction): void {
    const { categoryId, date, payee, amount } = transaction;
    const key = payeeKey(payee);
    const habit = `${inDirection(directionOf(transaction), key)} ${categoryId}`;
    const times = (this.#habits.get(habit) ?? 0) + 1;
    this.#habits.set(habit, times);
    const weight = key === '' || times <= telling ? 1 : 0;
    this.#pattern.learn(featuresOf(transaction), categoryId, date, weight);
    if (key === '') return;
    this.#similar.learn({ key, name: payee ?? '' }, categoryId, date);
    tallyIn(this.#byPayee, inDirection(directionOf(transaction), key), kept).add(categoryId, date);
    tallyIn(this.#byPayeeAndAmount, withAmount(amount, key), kept).add(categoryId, date);
  }

  /** Compares what would have been predicted with what is right. Comes before the day is learnt. */
  calibrate(transaction: CategorisedTransaction): void {
    const best = this.#best(transaction);
    if (best) this.#calibration.record(best.probability, best.categoryId === transaction.categoryId);
  }

  /** The most probable category; null where no selectable one ever occurred. */
  predict(transaction: Transaction): Prediction | null {
    const best = this.#best(transaction);
    if (!best) return null;
    const { categoryId, probability } = best;
    const confidence = this.#calibration.confidenceOf(probability);
    return { categoryId, confidence, evidence: this.#evidence(transaction, best) };
  }

  #best(transaction: Transaction): Candidate | null {
    const features = featuresOf(transaction);
    const levels = this.#levels(transaction);
    const general = this.#pattern.probabilities(features);
    let best: Candidate | null = null;
    for (const categoryId of this.selectable) {
      const ofPattern = general.get(categoryId);
      if (ofPattern === undefined) continue;
      const probability = probabilityOf(categoryId, levels, ofPattern);
      if (best && probability <= best.probability) continue;
      best = { categoryId, probability, features, levels, general: ofPattern };
    }
    return best;
  }

  #levels(transaction: Transaction): readonly Level<Basis>[] {
    const key = payeeKey(transaction.payee);
    const ofPayee = this.#byPayee.get(inDirection(directionOf(transaction), key));
    if (!ofPayee) return [this.#levelOfSimilar(key)];
    const ofPayeeAndAmount = this.#byPayeeAndAmount.get(withAmount(transaction.amount, key));
    return [
      { parentWeight: parentWeight.ofPayee, sources: [sourceOf({ kind: 'PAYEE' }, ofPayee)] },
      {
        parentWeight: parentWeight.ofPayeeAndAmount,
        sources: ofPayeeAndAmount ? [sourceOf({ kind: 'PAYEE_AND_AMOUNT' }, ofPayeeAndAmount)] : [],
      },
    ];
  }

  #levelOfSimilar(key: string): Level<Basis> {
    const sources = this.#similar.similarTo(key).map((payee) => ({
      basis: basisOf(payee, key),
      tally: payee.tally,
      weight: payee.similarity ** 3,
    }));
    return { parentWeight: parentWeight.ofSimilarPayees, sources };
  }

  #evidence(transaction: Transaction, { categoryId, features, levels, general }: Candidate): Evidence {
    const key = payeeKey(transaction.payee);
    const direction = directionOf(transaction);
    const opposite = direction === 'incoming' ? 'outgoing' : 'incoming';
    const ofPayee = this.#byPayee.get(inDirection(direction, key)) ?? new CategoryTally();
    const { basis, tally } =
      drivingSource(categoryId, levels, general) ?? this.#clearestSign(features, categoryId);
    // Where the amount says no more than the payee does, or only once, the payee is the plainer reason.
    const amountAddsNothing =
      basis.kind === 'PAYEE_AND_AMOUNT' &&
      (tally.count < 2 || ofPayee.shareOf(categoryId) >= tally.shareOf(categoryId));
    return {
      basis: amountAddsNothing ? { kind: 'PAYEE' } : basis,
      counts: (amountAddsNothing ? ofPayee : tally).countsOf(categoryId),
      ofPayee: ofPayee.countsOf(categoryId),
      direction,
      bothDirections: this.#byPayee.has(inDirection(opposite, key)),
    };
  }

  #clearestSign(features: readonly Feature[], categoryId: string): { basis: Basis; tally: CategoryTally } {
    const sign = this.#pattern.clearestSign(features, categoryId);
    if (!sign) return { basis: { kind: 'OVERALL' }, tally: this.#pattern.overall };
    return { basis: { kind: 'FEATURE', feature: sign.feature }, tally: sign.tally };
  }
}

interface Candidate {
  readonly categoryId: string;
  readonly probability: number;
  readonly features: readonly Feature[];
  readonly levels: readonly Level<Basis>[];
  /** The category's probability by the general pattern alone. */
  readonly general: number;
}

/** A payee that is new in this direction is most similar to itself in the other one. */
function basisOf(similar: SimilarPayee, key: string): Basis {
  return similar.key === key ? { kind: 'OTHER_DIRECTION' } : { kind: 'SIMILAR_PAYEE', name: similar.name };
}

function sourceOf(basis: Basis, tally: CategoryTally): Source<Basis> {
  return { basis, tally, weight: tally.weight };
}

function inDirection(direction: Direction, key: string): string {
  return `${direction} ${key}`;
}

function withAmount(amount: number, key: string): string {
  return `${amount} ${key}`;
}
