import type { Category } from '../suggester.js';
import { answerSchema, answersSchema } from './answer-schema.js';
import { noneOfThese } from './category-labels.js';

export interface RowAnswer {
  /** Null: none fits. */
  readonly category: Category | null;
  /** From 0 to 1, as the model said. */
  readonly confidence: number;
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
    else answers.set(row, { category, confidence: Math.min(1, Math.max(0, confidence)), reason });
  }
  for (const row of doubtful) answers.delete(row);
  return answers;
}

function itemsOf(text: string): readonly unknown[] {
  try {
    return answersSchema.safeParse(JSON.parse(withoutFence(text))).data?.answers ?? [];
  } catch {
    return [];
  }
}

/** Models that are asked for JSON alone may still put it into a block of code. */
function withoutFence(text: string): string {
  const fence = '```';
  const block = text.trim();
  if (block.length < 2 * fence.length || !block.startsWith(fence) || !block.endsWith(fence)) return text;
  return block.slice(fence.length, -fence.length).replace(/^json/, '');
}
