import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Authenticator } from './authenticator.js';
import { bearerTokenIn } from './bearer-token-in.js';
import { localUser } from './local-user.js';

export interface MetricsReaderOptions {
  readonly authenticator: Authenticator;
  readonly metricsToken: string | undefined;
}

/** What is counted tells of all users: who signs in as one of them does not read it. */
export function mayReadMetrics(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { authenticator, metricsToken }: MetricsReaderOptions,
): boolean {
  if (metricsToken === undefined) return authenticator === localUser;
  return isSame(bearerTokenIn(headers.authorization) ?? '', metricsToken);
}

/** In the same time, however much of it is right. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
