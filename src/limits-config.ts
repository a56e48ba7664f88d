import type { ConfigValues } from './config-variables.js';

export type LimitsConfig = ReturnType<typeof limitsOf>;

/** What one client may ask for at most; times end in their unit. */
export function limitsOf(values: ConfigValues) {
  return {
    bodyBytes: values.MAX_BODY_BYTES,
    frameBytes: values.MAX_FRAME_BYTES,
    headerBytes: values.MAX_HEADER_BYTES,
    query: {
      tokens: values.MAX_QUERY_TOKENS,
      depth: values.MAX_QUERY_DEPTH,
      aliases: values.MAX_QUERY_ALIASES,
      complexity: values.MAX_QUERY_COMPLEXITY,
    },
    requestsPerMinute: {
      perUser: values.MAX_REQUESTS_PER_MINUTE,
      perAddress: values.MAX_ADDRESS_REQUESTS_PER_MINUTE,
    },
    perUser: { connections: values.MAX_USER_CONNECTIONS, subscriptions: values.MAX_USER_SUBSCRIPTIONS },
    unreadBytes: values.MAX_UNREAD_BYTES,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    connectionInitTimeoutMs: values.CONNECTION_INIT_TIMEOUT_MS,
  };
}
