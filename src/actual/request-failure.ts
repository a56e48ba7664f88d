import { z } from 'zod';

/** How one HTTP request to the Actual server went wrong. The library hides most of this, see `observed-fetch.ts`. */
export const requestFailureSchema = z.discriminatedUnion('kind', [
  /** No answer began. `code` is of the operating system, TLS or undici, such as 'ECONNREFUSED'. */
  z.object({ kind: z.literal('no-connection'), code: z.string().nullable() }),
  z.object({ kind: z.literal('timeout') }),
  /** An answer began and did not end. */
  z.object({ kind: z.literal('cut-off'), code: z.string().nullable() }),
  z.object({ kind: z.literal('canceled') }),
  z.object({
    kind: z.literal('status'),
    status: z.number().int(),
    /** Actual's own word for it, such as 'token-expired'; null where somebody else answered. */
    reason: z.string().nullable(),
    retryAfterMs: z.number().min(0).nullable(),
  }),
  /** A web page with status 200, where Actual never answers with one. */
  z.object({ kind: z.literal('web-page') }),
]);
export type RequestFailure = z.infer<typeof requestFailureSchema>;
