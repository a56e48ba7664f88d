import { z } from 'zod';

/** What the other device is told to do, and what it answers, as JSON over the channel to its process. */

export const deviceTaskSchema = z.object({
  serverUrl: z.string(),
  password: z.string(),
  /** Of the device; nobody else uses it. */
  folder: z.string(),
  /** 'YYYY-MM-DD' */
  today: z.string(),
  /** For what is made up, see `household.ts`. */
  seed: z.number(),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('create-budget') }),
    z.object({ kind: z.literal('add-purchases'), syncId: z.string() }),
  ]),
});
export type DeviceTask = z.infer<typeof deviceTaskSchema>;

export const deviceAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), syncId: z.string() }),
  /** `detail` is for the log only. */
  z.object({ type: z.literal('failed'), detail: z.string() }),
]);
export type DeviceAnswer = z.infer<typeof deviceAnswerSchema>;
