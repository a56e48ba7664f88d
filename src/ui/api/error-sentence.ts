import type { CombinedError } from 'urql';
import { strings } from '../strings.js';

/** The server's own words; where it did not answer, that. */
export function errorSentence({ graphQLErrors: [error] }: CombinedError): string {
  return error?.message ?? strings.unreachable;
}
