import type { Category } from '../suggester.js';
import { answerSchema, answersSchema } from './answer-schema.js';
import { noneOfThese } from './category-labels.js';
import { jsonIn } from './json-in.js';

export interface RowAnswer {
  /** Null: none fits. */
  readonly category: Category | null;
  /** From 0 to 1, as the model said. */
  readonly confidence: number;
  /** Empty where it gave none. */
  readonly reason: string;
}

/**
 * What a reply says of the rows that were asked, by row. What cannot be used is not there: rows that are missing, were
 * answered twice in different ways, or with a category that does not exist. Not all servers keep to a schema.
 */
export function readAnswers(
  text: string,
  rows: readonly number[],
  labels: ReadonlyMap<string, Category>,
): ReadonlyMap<number, RowAnswer> {
  const answers = new Map<number, RowAnswer>();
  const doubtful = new Set<number>();
  for (const item of itemsOf(text)) {
    const parsed = answerSchema.safeParse(item);
    if (!parsed.success || !rows.includes(parsed.data.row)) continue;
    const { row, category: label, confidence, reason } = parsed.data;
    const category = label === noneOfThese ? null : labels.get(label);
    const before = answers.get(row);
    if (category === undefined || (before && before.category !== category)) doubtful.add(row);
    else answers.set(row, { category, confidence, reason: reason ?? '' });
  }
  for (const row of doubtful) answers.delete(row);
  return answers;
}

function itemsOf(text: string): readonly unknown[] {
  for (const json of jsonIn(text)) {
    const { data } = answersSchema.safeParse(json);
    if (data) return data;
  }
  return [];
}
