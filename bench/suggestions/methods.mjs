import { CategoryModel } from '../../dist/src/suggestions/category-model.js';
import { payeeKey } from '../../dist/src/suggestions/payee-name.js';

/**
 * Each learns rows, oldest first, and predicts for each row a category and how sure that is, or null. `learn` gets all rows
 * of a day at once, after `predict` was asked about them.
 */
export const methods = [
  { name: 'majority category', create: () => new Majority() },
  { name: "the payee's last category", create: () => new LastOfPayee() },
  { name: 'ours', create: (categoryIds) => new Ours(categoryIds) },
];

class Majority {
  #counts = new Map();
  #rows = 0;

  learn(day) {
    for (const { categoryId } of day) this.#counts.set(categoryId, (this.#counts.get(categoryId) ?? 0) + 1);
    this.#rows += day.length;
  }

  predict(rows) {
    const [most] = [...this.#counts].sort(([, a], [, b]) => b - a);
    return rows.map(() => (most ? { categoryId: most[0], confidence: most[1] / this.#rows } : null));
  }
}

class LastOfPayee {
  #last = new Map();
  #right = 0;
  #predicted = 0;

  learn(day) {
    for (const row of day) {
      const predicted = this.#last.get(payeeKey(row.payee));
      if (predicted === undefined) continue;
      this.#predicted += 1;
      if (predicted === row.categoryId) this.#right += 1;
    }
    for (const { payee, categoryId } of day) this.#last.set(payeeKey(payee), categoryId);
  }

  predict(rows) {
    // How often it was right so far: it knows no more about a single row.
    const confidence = (this.#right + 1) / (this.#predicted + 2);
    return rows.map(({ payee }) => {
      const categoryId = this.#last.get(payeeKey(payee));
      return categoryId === undefined ? null : { categoryId, confidence };
    });
  }
}

/** The history suggester's model. It can predict what a budget's categories are, used so far or not. */
export class Ours {
  #model;

  constructor(categoryIds) {
    this.#model = new CategoryModel(categoryIds);
  }

  learn(day) {
    for (const row of day) this.#model.calibrate(row);
    for (const row of day) this.#model.learn(row);
  }

  predict(rows) {
    return rows.map((row) => this.#model.predict(row));
  }
}
