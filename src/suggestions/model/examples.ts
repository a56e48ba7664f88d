import { payeeKey } from '../payee-name.js';
import { SimilarPayees } from '../similar-payees.js';
import type { CategorisedTransaction, Transaction } from '../suggester.js';
import { sentText } from './model-row.js';

/** What the household chose for a payee, told to the model. */
export interface Example {
  readonly payee: string;
  readonly category: string;
  /** Such as "9 of 10". */
  readonly share: string;
}

/** Older choices count for less, as they do where history answers by itself. */
const kept = 0.8;
const mostPerTransaction = 3;
const mostPerQuestion = 40;

/** The household's own choices for the payees that are most like those asked about, so that a model learns its ways. */
export class Examples {
  readonly #payees = new SimilarPayees(kept);

  learn({ payee, categoryId, date }: CategorisedTransaction): void {
    const key = payeeKey(payee);
    if (key !== '') this.#payees.learn({ key, name: payee ?? '' }, categoryId, date);
  }

  /** @param labels by category id; what has none is no example */
  nearest(transactions: readonly Transaction[], labels: ReadonlyMap<string, string>): readonly Example[] {
    const examples = new Map<string, Example>();
    for (const { payee } of transactions) {
      for (const { key, name, tally } of this.#payees
        .similarTo(payeeKey(payee))
        .slice(0, mostPerTransaction)) {
        const best = [...tally.categoryIds].toSorted((a, b) => tally.shareOf(b) - tally.shareOf(a))[0];
        const category = best === undefined ? undefined : labels.get(best);
        if (best === undefined || category === undefined) continue;
        examples.set(key, {
          payee: sentText(name),
          category,
          share: `${tally.countOf(best)} of ${tally.count}`,
        });
      }
    }
    return [...examples.values()].slice(0, mostPerQuestion);
  }
}
