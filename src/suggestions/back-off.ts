import type { CategoryTally } from './category-tally.js';

/** Earlier transactions of one kind, such as those of the very payee. */
export interface Source<Basis> {
  readonly basis: Basis;
  readonly tally: CategoryTally;
  readonly weight: number;
}

/** Sources of equal rank; what they leave open is answered by the levels before. */
export interface Level<Basis> {
  readonly sources: readonly Source<Basis>[];
  /** How much the levels before count, beside the weights of the sources. */
  readonly parentWeight: number;
}

/**
 * How probable a category is, from 0 to 1, when each level smooths the next.
 *
 * @param levels from the most general to the most particular
 * @param general the probability before the first of them
 */
export function probabilityOf(
  categoryId: string,
  levels: readonly Level<unknown>[],
  general: number,
): number {
  return levels.reduce(
    (probability, level) =>
      (matchingWeight(categoryId, level) + level.parentWeight * probability) / wholeWeight(level),
    general,
  );
}

/**
 * The best source of the level that contributes most to the probability of a category; null where none
 * contributes as much as the general one.
 */
export function drivingSource<Basis>(
  categoryId: string,
  levels: readonly Level<Basis>[],
  general: number,
): Source<Basis> | null {
  let driving: Source<Basis> | null = null;
  let highest = 0;
  let left = 1;
  for (const level of levels.toReversed()) {
    const [best] = level.sources.toSorted((a, b) => matching(categoryId, b) - matching(categoryId, a));
    const contribution = (left * matchingWeight(categoryId, level)) / wholeWeight(level);
    if (best && contribution > highest) {
      highest = contribution;
      driving = best;
    }
    left *= level.parentWeight / wholeWeight(level);
  }
  return left * general > highest ? null : driving;
}

function matching(categoryId: string, { tally, weight }: Source<unknown>): number {
  return weight * tally.shareOf(categoryId);
}

function matchingWeight(categoryId: string, { sources }: Level<unknown>): number {
  return sources.reduce((sum, source) => sum + matching(categoryId, source), 0);
}

function wholeWeight({ sources, parentWeight }: Level<unknown>): number {
  return sources.reduce((sum, { weight }) => sum + weight, parentWeight);
}
