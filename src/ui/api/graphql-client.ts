import type { Client as LiveSocket } from 'graphql-ws';
import { Client, fetchExchange, subscriptionExchange, type ExecutionResult } from 'urql';
import { credentials } from '../sign-in/kept-token.js';
import { graphqlUrl } from './graphql-url.js';

const answeredWithinMs = 15_000;

/** Without a cache: what the page shows is kept by the feed, which knows what is newer. */
export function createGraphqlClient(socket: LiveSocket): Client {
  return new Client({
    url: graphqlUrl(),
    // The server refuses GET, which another site could make a browser send.
    preferGetMethod: false,
    fetchOptions: () => ({ headers: credentials() }),
    fetch: (url, init) => fetch(url, { ...init, signal: limited(init?.signal) }),
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables: variables as Record<string, unknown> },
              // The same shape, of which the two libraries say whether `data` may be undefined or absent.
              { ...sink, next: (result) => sink.next(result as ExecutionResult) },
            ),
          }),
        }),
      }),
    ],
  });
}

function limited(signal: AbortSignal | null | undefined): AbortSignal {
  const limit = AbortSignal.timeout(answeredWithinMs);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
