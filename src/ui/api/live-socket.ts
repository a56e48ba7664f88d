import { createClient, type Client } from 'graphql-ws';
import { credentials } from '../sign-in/kept-token.js';
import { graphqlSocketUrl } from './graphql-url.js';

/** Together less than the 3 s within which the page says that it is live no longer. */
const pingEveryMs = 1_000;
const pongWithinMs = 1_800;
const acknowledgedWithinMs = 5_000;

/**
 * The connection that updates come over: opened by the first subscription, never by itself again. One whose
 * other end has silently gone (a laptop that slept, a network that changed) is found out by a ping and ended.
 */
export function createLiveSocket(): Client {
  let overdue: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url: graphqlSocketUrl(),
    retryAttempts: 0,
    connectionParams: credentials,
    keepAlive: pingEveryMs,
    connectionAckWaitTimeout: acknowledgedWithinMs,
    on: {
      ping: (wasReceived) => {
        if (!wasReceived) overdue = setTimeout(() => socket.terminate(), pongWithinMs);
      },
      pong: (wasReceived) => {
        if (wasReceived) clearTimeout(overdue);
      },
      closed: () => clearTimeout(overdue),
    },
  });
  return socket;
}
