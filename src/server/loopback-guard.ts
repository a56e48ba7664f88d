import type { IncomingMessage } from 'node:http';
import { originHost } from './origin-host.js';

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
  const url = `http://${host}`;
  const hostname = URL.canParse(url) ? new URL(url).hostname : '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
