import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../../../schema/error-code.js';

/** Whoever asks. */
export interface Identity {
  /** Owns the jobs that are started, and sees no others. */
  readonly subject: string;
  /** When it is no longer proved, in milliseconds since 1970; absent: it stays so. */
  readonly expiresAt?: number | undefined;
}

export type Request = Pick<IncomingMessage, 'headers' | 'rawHeaders'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

/** What a request brings along to prove who asks. */
export interface Credentials {
  readonly request: Request;
  /** Of the `Authorization` header, or of the first message over a WebSocket. */
  readonly token: string | undefined;
}

/** How the server finds out who asks. */
export interface Authenticator {
  /** For `WWW-Authenticate`: what is wanted; absent: nothing that a client could send. */
  readonly challenge: string | undefined;

  /**
   * Why a request is not looked at, in a sentence: where a browser proves who asks without being told to, a page of
   * another site could ask in its user's name.
   */
  objectionTo(request: Request): string | undefined;

  /** @throws UnauthenticatedError */
  identify(credentials: Credentials): Promise<Identity>;
}

/** Nobody knows who asks. The message says to the user what to do. */
export class UnauthenticatedError extends Error {
  readonly code = 'UNAUTHENTICATED' satisfies ErrorCode;

  constructor(message: string) {
    super(message);
    this.name = 'UnauthenticatedError';
  }
}

/** Who asks cannot be found out at the moment, through no fault of theirs: the same credentials may do later. */
export class IdentityUncheckedError extends UnauthenticatedError {
  constructor(message: string) {
    super(message);
    this.name = 'IdentityUncheckedError';
  }
}

const longestSubject = 200;

/** What a job may be owned by: it ends up in events, logs and answers. */
export function isSubject(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text !== '' &&
    text.length <= longestSubject &&
    // Neither control characters nor halves of others.
    !/[\p{Cc}\p{Cs}]/u.test(text)
  );
}
