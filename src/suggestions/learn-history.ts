import type { CategoryModel } from './category-model.js';
import type { CategorisedTransaction } from './suggester.js';

/** More is forgotten again anyway, and to predict takes much longer than to learn. */
const calibratedTransactions = 3_000;

/**
 * Learns a history, oldest first, one transaction a step, so that the caller may pause between them. The newest transactions calibrate the model too, each day before it is learnt, as
 * if they had been suggested for on the day before.
 */
export function* learnHistory(
  model: CategoryModel,
  history: readonly CategorisedTransaction[],
): Generator<void> {
  const calibrateFrom = history.length - calibratedTransactions;
  let start = 0;
  while (start < history.length) {
    const end = endOfDay(history, start);
    for (const transaction of history.slice(Math.max(start, calibrateFrom), end)) {
      model.calibrate(transaction);
      yield;
    }
    for (const transaction of history.slice(start, end)) {
      model.learn(transaction);
      yield;
    }
    start = end;
  }
}

function endOfDay(history: readonly CategorisedTransaction[], start: number): number {
  let end = start + 1;
  while (end < history.length && history[end]?.date === history[start]?.date) end++;
  return end;
}
