import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and a server, and can be shut: then connections break, or wait until it is opened. */
export interface Gate {
  /** `http://127.0.0.1:<port>`, in place of the server's own. */
  readonly url: string;
  /** Lets everything through; what was held goes on. */
  open(): void;
  /** Breaks all connections, and every new one. */
  refuse(): void;
  /** Holds back whatever the client sends from now on; resolves as soon as it sends something. */
  hold(): Promise<void>;
  /** Holds back whatever the server answers from now on; resolves as soon as it answers something. */
  holdAnswers(): Promise<void>;
  close(): Promise<void>;
}

/** @param addressOf of each connection, the address of this machine that it comes from, as far as the server can see */
export async function openGate(serverUrl: string, addressOf?: () => string): Promise<Gate> {
  const { port, hostname } = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let state: 'open' | 'refusing' | Direction = 'open';
  let onHeld: () => void = () => undefined;
  const server = createServer((client) => {
    if (state === 'refusing') {
      // Not before it has sent something: Node's fetch connects again and again to who hangs up at once.
      client.on('error', () => undefined).once('data', () => client.resetAndDestroy());
      return;
    }
    const onward = { port: Number(port), host: hostname, ...(addressOf && { localAddress: addressOf() }) };
    const pair = new Pair(client, connect(onward));
    pairs.add(pair);
    pair.onHeld = () => onHeld();
    if (state !== 'open') pair.hold(state);
    client.on('close', () => pairs.delete(pair));
  });
  const hold = (direction: Direction) => {
    state = direction;
    for (const pair of pairs) pair.hold(direction);
    return new Promise<void>((resolve) => (onHeld = resolve));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => {
      state = 'open';
      for (const pair of pairs) pair.release();
    },
    refuse: () => {
      state = 'refusing';
      for (const pair of pairs) pair.destroy();
    },
    hold: () => hold('requests'),
    holdAnswers: () => hold('answers'),
    close: async () => {
      for (const pair of pairs) pair.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type Direction = 'requests' | 'answers';

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #held: { readonly to: Socket; readonly data: Buffer }[] = [];
  #holding: Direction | null = null;
  onHeld: () => void = () => undefined;

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    client.on('data', (data) => {
      this.#pass('requests', server, data);
    });
    server.on('data', (data) => {
      this.#pass('answers', client, data);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // Whoever breaks off breaks the other side off, too.
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  }

  hold(direction: Direction): void {
    this.#holding = direction;
  }

  release(): void {
    this.#holding = null;
    for (const { to, data } of this.#held.splice(0)) to.write(data);
  }

  destroy(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  #pass(direction: Direction, to: Socket, data: Buffer): void {
    if (this.#holding !== direction) {
      to.write(data);
      return;
    }
    this.#held.push({ to, data });
    this.onHeld();
  }
}
