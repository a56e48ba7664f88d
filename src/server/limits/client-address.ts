import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { Request } from '../auth/authenticator.js';

/** Of an address of the newer kind everybody has 2^64. */
const prefixBytes = 8;

/**
 * Whose address a request comes from: the one that the nearest of the trusted proxies says. Undefined where that tells
 * nobody apart, as behind a proxy on this machine that is not named.
 */
export function clientAddressOf(proxies: readonly string[]): (request: Request) => string | undefined {
  const trusts = proxyAddr.compile([...proxies]);
  return (request) => {
    // It reads nothing else of a request.
    const address = proxyAddr(request as Parameters<typeof proxyAddr>[0], trusts);
    if (!ipaddr.isValid(address)) return undefined;
    const parsed = ipaddr.process(address);
    if (parsed.range() === 'loopback') return undefined;
    return parsed.kind() === 'ipv4'
      ? parsed.toString()
      : parsed.toByteArray().slice(0, prefixBytes).join('.');
  };
}
