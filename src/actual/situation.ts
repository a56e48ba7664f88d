import { z } from 'zod';
import { loggableWord } from './loggable.js';
import type { OwnCode } from './own-code.js';
import { requestFailureSchema } from './request-failure.js';

/** What is known when an operation has failed, before it is put into words for anybody. */
export const situationSchema = z.object({
  /**
   * The library's code, the server's reason or an `OwnCode`. Can be anything, for example the web page
   * that a proxy sent: only codes that are known may be acted on, none may be shown.
   */
  code: z.string().nullable(),
  /** The first request that failed. */
  request: requestFailureSchema.nullable(),
  /** Code of SQLite or the file system, where the local copy could not be read or written. */
  storage: z.string().nullable(),
  /** For the log only: nothing that another server said, see `loggable.ts`. */
  detail: z.string(),
});
export type Situation = z.infer<typeof situationSchema>;

export function situation(known: Partial<Situation>) {
  return { code: null, request: null, storage: null, detail: '', ...known } satisfies Situation;
}

export function ownSituation(code: OwnCode, detail = ''): Situation {
  return situation({ code, detail });
}

/** Carries a situation to where it is put right or into words. */
export class SituationError extends Error {
  constructor(
    readonly situation: Situation,
    options?: ErrorOptions,
  ) {
    super(
      `${situation.code === null ? 'no code' : loggableWord(situation.code)}: ${situation.detail}`,
      options,
    );
    this.name = 'SituationError';
  }
}
