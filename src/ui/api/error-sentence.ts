import type { CombinedError } from 'urql';

/** The server's own words; where it did not answer, that. */
export function errorSentence({ graphQLErrors: [error] }: CombinedError): string {
  return error?.message ?? 'The server could not be reached. It is safe to try again.';
}
