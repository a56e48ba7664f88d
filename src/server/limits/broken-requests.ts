import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OnRefusal } from './refusal.js';

const refusals: Readonly<
  Record<string, { readonly status: number; readonly limit: Parameters<OnRefusal>[0] }>
> = {
  HPE_HEADER_OVERFLOW: { status: 431, limit: 'headers' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, limit: 'request_time' },
};

/** Answers what is no HTTP, or is refused before all of it was read. */
export function answerBrokenRequests(http: Server, onRefusal: OnRefusal): void {
  http.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    const refusal = refusals[code];
    if (refusal) onRefusal(refusal.limit);
    const { status = 400 } = refusal ?? {};
    if (socket.writable) {
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
    } else socket.destroy();
  });
}
