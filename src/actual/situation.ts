import { z } from 'zod';
import { requestFailureSchema } from './request-failure.js';

/** What is known when an operation has failed, before it is put into words for anybody. */
export const situationSchema = z.object({
  /**
   * The library's code, the server's reason or one of `OwnCode`. Can be anything, for example the web page
   * that a proxy sent: only codes that are known may be acted on, none may be shown.
   */
  code: z.string().nullable(),
  /** The first request that failed. */
  request: requestFailureSchema.nullable(),
  /** Code of SQLite or the file system, where the local copy could not be read or written. */
  storage: z.string().nullable(),
  /** For the log only. */
  detail: z.string(),
});
export type Situation = z.infer<typeof situationSchema>;

/** What this app itself finds out about the situation. */
export type OwnCode =
  /** The server has to be asked and nobody has logged in. */
  | 'session-needed'
  /** The library did not open the local copy. */
  | 'copy-unusable'
  /** Another process holds the folder of the local copy. */
  | 'copy-in-use'
  /** What was downloaded just now could not be opened. */
  | 'download-unusable'
  | 'no-budget-open'
  /** The server takes no password: people log in somewhere else. */
  | 'no-password-login'
  /** Nobody has chosen the server's password yet. */
  | 'server-not-set-up'
  | 'no-password'
  /** The configured address is not the address of anything. */
  | 'invalid-url'
  /** What answers says something that Actual never says. */
  | 'not-actual'
  /** The child process ended in the middle of an operation. */
  | 'child-ended';

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
    super(`${situation.code ?? 'no code'}: ${situation.detail}`, options);
    this.name = 'SituationError';
  }
}
