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

/** What a model writes is read one answer at a time: a wrong one spoils no other. */
export const answersSchema = z.object({ answers: z.array(z.unknown()) });

export const answerSchema = z.object({
  row: z.number().int(),
  category: z.string(),
  confidence: z.number(),
  reason: z.string(),
});
