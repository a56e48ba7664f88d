import { z } from 'zod';

const happened = { v: z.literal(1), at: z.iso.datetime() };
const tokens = z.number().int().min(0);

export const tokenEventSchema = z.discriminatedUnion('type', [
  /** A model is about to be asked on behalf of a job: so many tokens it may cost at most. */
  z.object({ type: z.literal('TokensReserved'), ...happened, id: z.string(), jobId: z.string(), tokens }),
  /** It is known what the question cost. */
  z.object({ type: z.literal('TokensSettled'), ...happened, id: z.string(), tokens }),
]);

export type TokenEvent = z.infer<typeof tokenEventSchema>;
