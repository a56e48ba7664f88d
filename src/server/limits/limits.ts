/** What one client may ask for at most, over HTTP and WebSockets alike. Configured: the README's table says more of each. */
export interface Limits {
  readonly bodyBytes: number;
  readonly frameBytes: number;
  readonly headerBytes: number;
  readonly query: QueryLimits;
  readonly requestsPerMinute: {
    readonly perUser: number;
    readonly perAddress: number;
  };
  readonly perUser: {
    readonly connections: number;
    readonly subscriptions: number;
  };
  /** What was answered over a WebSocket, and is not read. */
  readonly unreadBytes: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  readonly connectionInitTimeoutMs: number;
}

export interface QueryLimits {
  readonly tokens: number;
  /** Of selections in selections, those of fragments included. */
  readonly depth: number;
  readonly aliases: number;
  /** See `complexityOf`. */
  readonly complexity: number;
}
