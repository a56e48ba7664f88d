import { z } from 'zod';
import { stepProgressSchema, stepResultSchema } from './step-outcome.js';

/** The transactions that a suggestions step is about: these ones, or all that have no category by then. */
const batchSchema = z.union([
  z.strictObject({ transactionIds: z.array(z.string()).min(1).readonly() }),
  z.strictObject({ allUncategorized: z.literal(true) }),
]);
export type Batch = z.infer<typeof batchSchema>;

const jobInputSchema = z.object({ batch: batchSchema.optional() });
export type JobInput = z.infer<typeof jobInputSchema>;

/**
 * One step of a plan; `step` counts from 1. `carried` is what an earlier job already achieved of it: with a
 * result it need not run at all, with progress alone it goes on from there.
 */
const plannedStepSchema = z.object({
  step: z.number().int().min(1),
  type: z.string(),
  carried: z
    .object({ result: stepResultSchema.optional(), progress: z.array(stepProgressSchema).readonly() })
    .optional(),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

/** Everything that is needed to queue a job: what its first event records, and its admission too. */
export const jobRequestSchema = z.object({
  type: z.string(),
  ownerId: z.string(),
  budgetId: z.string(),
  input: jobInputSchema,
  plan: z.array(plannedStepSchema).min(1).readonly(),
  retryOf: z.string().optional(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/**
 * Whether two requests ask for the same job: owner, budget, type and input. The plan does not count, so that
 * a retry of what is already running again is recognised; nor does the order of a batch's transactions.
 */
export function isSameRequest(a: JobRequest, b: JobRequest): boolean {
  return (
    a.ownerId === b.ownerId &&
    a.budgetId === b.budgetId &&
    a.type === b.type &&
    batchKey(a.input.batch) === batchKey(b.input.batch)
  );
}

function batchKey(batch: Batch | undefined): string {
  if (!batch) return 'none';
  if ('allUncategorized' in batch) return 'all';
  return JSON.stringify([...new Set(batch.transactionIds)].sort());
}
