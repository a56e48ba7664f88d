import { z } from 'zod';
import { noneOfThese } from './category-labels.js';

/** The JSON schema that the model has to keep to: a category is one of those that exist, and each row is one of those asked. */
export function answerSchemaFor(
  labels: Iterable<string>,
  rows: readonly number[],
): Readonly<Record<string, unknown>> {
  const answer = {
    type: 'object',
    properties: {
      row: { type: 'integer', enum: rows },
      category: { type: 'string', enum: [...labels, noneOfThese] },
      confidence: { type: 'number' },
      reason: { type: 'string' },
    },
    required: ['row', 'category', 'confidence', 'reason'],
    additionalProperties: false,
  };
  return {
    type: 'object',
    properties: { answers: { type: 'array', items: answer } },
    required: ['answers'],
    additionalProperties: false,
  };
}

/** What a model writes is read one answer at a time: a wrong one spoils no other. Some leave the frame out. */
export const answersSchema = z.union([
  z.object({ answers: z.array(z.unknown()) }).transform(({ answers }) => answers),
  z.array(z.unknown()),
  z.looseObject({ row: z.unknown(), category: z.unknown() }).transform((answer) => [answer]),
]);

/** Models that keep to no schema write numbers as text, and shares as percent. */
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*-?\d{1,9}(\.\d{1,9})?\s*%?\s*$/)
    .transform((text) => Number(text.replace('%', ''))),
]);

export const answerSchema = z.object({
  row: number.pipe(z.number().int()),
  category: z.string(),
  confidence: number.transform(shareOf),
  reason: z.string().nullish().catch(null),
});

/** From 0 to 1. Nobody is more than sure: above 1 it is a percentage. */
function shareOf(confidence: number): number {
  return Math.min(1, Math.max(0, confidence > 1 ? confidence / 100 : confidence));
}
