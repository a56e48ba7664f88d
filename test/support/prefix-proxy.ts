import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A reverse proxy that serves a server under a path of its own, WebSockets too, and nothing else. */
export interface PrefixProxy {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param prefix begins and ends with a slash */
export async function startPrefixProxy(target: string, prefix: string): Promise<PrefixProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const inTarget = ({ url = '' }: IncomingMessage) =>
    url.startsWith(prefix) ? url.slice(prefix.length - 1) : undefined;

  const server = createServer((incoming, outgoing) => {
    const path = inTarget(incoming);
    if (path === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    const { method, headers } = incoming;
    const forwarded = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // Whoever goes away while it is answered takes the other connection along.
      pipeline(answer, outgoing, () => undefined);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (incoming, socket: Socket) => {
    const path = inTarget(incoming);
    if (path === undefined) {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname, () => {
      const headers = incoming.rawHeaders
        .map((text, n) => (n % 2 === 0 ? `${text}: ` : `${text}\r\n`))
        .join('');
      upstream.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n`);
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        socket.destroy();
        upstream.destroy();
        sockets.delete(upstream);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${prefix}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
