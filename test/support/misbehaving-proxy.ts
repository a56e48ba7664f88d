import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from './self-signed-certificate.js';

export type Misbehaviour =
  /** Answers itself. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** Closes the connection before there is an answer. */
  | { readonly kind: 'drop' }
  /** Lets half of the answer through, then closes the connection. */
  | { readonly kind: 'cut' }
  /** Never answers. */
  | { readonly kind: 'stall' };

/** As proxies and other web servers answer. */
export const webPage = (status: number): Misbehaviour => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html><body><h1>${status} nginx secret-detail</h1></body></html>`,
});

export const json = (
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Misbehaviour => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

interface Rule {
  readonly route: string;
  readonly behaviour: Misbehaviour;
  left: number;
}

/** Stands before an Actual server, on loopback, and passes everything on until it is told otherwise. */
export class MisbehavingProxy {
  /** `<method> <path>` of all requests, in order. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #target: string;
  readonly #below: string;
  readonly #rules: Rule[] = [];
  readonly #arrivals = new Set<() => void>();

  private constructor(server: Server, target: string, below: string) {
    this.#server = server;
    this.#target = target;
    this.#below = below;
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      void this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  /** `below`: a path that stands before those of the Actual server. */
  static async start(target: string, { isSecure = false, below = '' } = {}): Promise<MisbehavingProxy> {
    const server = isSecure ? createSecureServer(selfSignedCertificate) : createServer();
    const proxy = new MisbehavingProxy(server, target, below);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Requests whose path begins with `route` are treated so from now on, or as many of them as `times` says. */
  misbehave(route: string, behaviour: Misbehaviour, times = Infinity): void {
    this.#rules.push({ route, behaviour, left: times });
  }

  behave(): void {
    this.#rules.length = 0;
  }

  /** Resolves with the next request whose path begins with `route`, as it arrives. */
  async arrival(route: string): Promise<void> {
    const seen = this.requests.length;
    while (!this.requests.slice(seen).some((one) => one.split(' ')[1]?.startsWith(route))) {
      await new Promise<void>((resolve) => this.#arrivals.add(resolve));
    }
  }

  count(request: string): number {
    return this.requests.filter((one) => one === request).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const url = path.startsWith(this.#below) ? path.slice(this.#below.length) : '/outside';
    this.requests.push(`${method} ${url}`);
    for (const arrived of this.#arrivals) arrived();
    this.#arrivals.clear();
    const behaviour = this.#ruleFor(url);
    const body = await readAll(incoming);
    switch (behaviour?.kind) {
      case 'answer':
        outgoing.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
        break;
      case 'drop':
        incoming.socket.destroy();
        break;
      case 'stall':
        break;
      case 'cut':
      case undefined:
        await this.#pass(incoming, url, body, outgoing, behaviour?.kind === 'cut');
    }
  }

  #ruleFor(url: string): Misbehaviour | undefined {
    const rule = this.#rules.find(({ route, left }) => left > 0 && url.startsWith(route));
    if (!rule) return undefined;
    rule.left -= 1;
    return rule.behaviour;
  }

  async #pass(
    { method, headers, socket }: IncomingMessage,
    url: string,
    body: Buffer,
    outgoing: ServerResponse,
    cut: boolean,
  ) {
    const onward = request(new URL(url, this.#target), {
      method,
      headers: { ...headers, connection: 'close' },
    });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const content = await readAll(answer);
    delete answer.headers['transfer-encoding'];
    const headersBack = { ...answer.headers, 'content-length': content.length };
    outgoing.writeHead(answer.statusCode ?? 500, headersBack);
    if (!cut) {
      outgoing.end(content);
      return;
    }
    outgoing.write(content.subarray(0, content.length / 2), () => socket.destroy());
  }
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
