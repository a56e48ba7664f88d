import type { CombinedError } from 'urql';

/** The server does not know who asks. */
export interface Refusal {
  /** What to do, in the server's words. */
  readonly message: string;
  /** Whether a token would be enough; otherwise somebody else has to sign the user in. */
  readonly wantsToken: boolean;
}

export function refusalIn(error: CombinedError | undefined): Refusal | null {
  const refused = error?.graphQLErrors.find(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
  return refused ? { message: refused.message, wantsToken: refused.extensions.challenge === 'Bearer' } : null;
}
