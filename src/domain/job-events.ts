import { z } from 'zod';
import { failureCodes } from './failure.js';
import { jobRequestSchema } from './job-request.js';
import { stepProgressSchema, stepResultSchema } from './step-outcome.js';

const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  action: z.string(),
  retryable: z.boolean(),
});

/** `v` is the version of the payload; `at` an ISO instant in UTC, never before the previous event's. */
const happened = { v: z.literal(1), at: z.iso.datetime() };
const step = z.number().int().min(1);
const attempt = z.number().int().min(1);
const runnerId = z.string();

export const jobEventSchema = z.discriminatedUnion('type', [
  /** The job's life began; it waits in its lane. */
  z.object({ type: z.literal('JobQueued'), ...happened, request: jobRequestSchema }),
  /**
   * A start with this id's key was answered with another job, which was active already: the id stands for that one
   * as long as it is kept, and never has a life of its own. First and last of its stream.
   */
  z.object({ type: z.literal('StartReferred'), ...happened, request: jobRequestSchema, to: z.string() }),
  /** The job's turn came; with the first step's first claim. */
  z.object({ type: z.literal('JobStarted'), ...happened }),
  /** A runner claimed the step: it alone may report on this attempt. */
  z.object({ type: z.literal('StepStarted'), ...happened, step, attempt, runnerId }),
  /** A part of the step's work is done and need not be done again. */
  z.object({ type: z.literal('StepAdvanced'), ...happened, step, progress: stepProgressSchema }),
  /** The step reached its goal. */
  z.object({ type: z.literal('StepSucceeded'), ...happened, step, result: stepResultSchema }),
  /** An attempt failed for a reason that may pass; the next one comes at `retryAt`. */
  z.object({
    type: z.literal('StepAttemptFailed'),
    ...happened,
    step,
    attempt,
    failure: failureSchema,
    retryAt: z.iso.datetime(),
  }),
  /** The step failed for good. */
  z.object({ type: z.literal('StepFailed'), ...happened, step, failure: failureSchema }),
  /** The runner that held the claim is gone. `orderly`: it gave the claim up itself, because its server was stopped. */
  z.object({
    type: z.literal('StepInterrupted'),
    ...happened,
    step,
    attempt,
    orderly: z.boolean().optional(),
  }),
  /** The step will never start, because an earlier one failed. */
  z.object({ type: z.literal('StepSkipped'), ...happened, step, because: failureSchema }),
  /** The owner wants the job to end; a running step is told to stop. */
  z.object({ type: z.literal('CancelRequested'), ...happened, by: z.string() }),
  /** All steps succeeded. */
  z.object({ type: z.literal('JobSucceeded'), ...happened }),
  /** A step failed for good. */
  z.object({ type: z.literal('JobFailed'), ...happened, failure: failureSchema }),
  /** The job ended because it was asked to, and nothing of it runs any more. */
  z.object({ type: z.literal('JobCanceled'), ...happened }),
  /** The job was kept as long as configured; its stream is about to be deleted. */
  z.object({ type: z.literal('JobExpired'), ...happened }),
]);

export type JobEvent = z.infer<typeof jobEventSchema>;
export type JobEventType = JobEvent['type'];
