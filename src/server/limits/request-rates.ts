import type { Request } from '../auth/authenticator.js';
import { clientAddressOf } from './client-address.js';
import type { Limits } from './limits.js';
import { RequestRate } from './request-rate.js';

/** Counts requests; tells in how many seconds to ask again, and 0 where they are allowed. */
export interface RequestRates {
  ofAddress(request: Request): number;
  ofUser(subject: string, count?: number): number;
}

/** Who sits at the machine itself could stop the server just as well. */
export const unlimitedRates: RequestRates = { ofAddress: () => 0, ofUser: () => 0 };

/** @param now milliseconds that never go back */
export function requestRates(
  { perUser, perAddress }: Limits['requestsPerMinute'],
  proxies: readonly string[],
  now: () => number,
): RequestRates {
  const users = new RequestRate(perUser, now);
  const addresses = new RequestRate(perAddress, now);
  const addressOf = clientAddressOf(proxies);
  return {
    ofAddress: (request) => {
      const address = addressOf(request);
      return address === undefined ? 0 : addresses.take(address);
    },
    ofUser: (subject, count) => users.take(subject, count),
  };
}
