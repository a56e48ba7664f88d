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
    const address = withoutPort(
      proxyAddr(request as Parameters<typeof proxyAddr>[0], (hop, distance) =>
        trusts(withoutPort(hop), distance),
      ),
    );
    if (!ipaddr.isValid(address)) return undefined;
    const parsed = ipaddr.process(address);
    if (parsed.range() === 'loopback') return undefined;
    return parsed.kind() === 'ipv4'
      ? parsed.toString()
      : parsed.toByteArray().slice(0, prefixBytes).join('.');
  };
}

/** Some proxies say from which port a client came, too. */
function withoutPort(address: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
