/** The Actual server as sentences name it. */
export interface Server {
  /** With the port, where the address has one. */
  readonly host: string;
  readonly hostname: string;
  readonly isSecure: boolean;
  /** For one request. */
  readonly timeoutMs: number;
}

export function serverAt(address: string, timeoutMs: number): Server {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return {
    host: url?.host ?? 'the configured address',
    hostname: url?.hostname ?? 'of the configured address',
    isSecure: url?.protocol === 'https:',
    timeoutMs,
  };
}
