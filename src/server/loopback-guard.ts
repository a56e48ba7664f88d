import type { IncomingMessage } from 'node:http';

/**
 * Without sign-in the server trusts whoever reaches it on loopback, which a web page of any origin could:
 * by a host name of its own that resolves to 127.0.0.1 (DNS rebinding), or by opening a WebSocket, which the
 * same-origin policy does not cover. So the Host must name the loopback, and an Origin must be our own.
 */
export function isFromLoopback({ headers: { host, origin } }: Pick<IncomingMessage, 'headers'>): boolean {
  if (host === undefined || !isLoopbackHost(host)) return false;
  return origin === undefined || originHost(origin) === host.toLowerCase();
}

function isLoopbackHost(host: string): boolean {
  const hostname = parsed(`http://${host}`)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function originHost(origin: string): string | undefined {
  return parsed(origin)?.host;
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
