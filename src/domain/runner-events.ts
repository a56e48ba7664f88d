import { z } from 'zod';

/**
 * The heart of a runner beat: when its process booted, and every few seconds while it holds a claim. Only the last
 * one is kept.
 */
export const runnerBeatSchema = z.object({
  type: z.literal('RunnerBeat'),
  v: z.literal(1),
  /** An ISO instant in UTC, for people who look: nobody decides by it. */
  at: z.iso.datetime(),
  /** Of the process. */
  bootId: z.string(),
  /** Of the process among all with this runner's id, in the order in which they booted. */
  generation: z.number().int().min(1),
  /** The highest generation that there has been. */
  latest: z.number().int().min(1),
});

export type RunnerBeat = z.infer<typeof runnerBeatSchema>;
