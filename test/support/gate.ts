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
  /** Holds back whatever is sent from now on; resolves as soon as something is. */
  hold(): Promise<void>;
  close(): Promise<void>;
}

export async function openGate(serverUrl: string): Promise<Gate> {
  const { port, hostname } = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let state: 'open' | 'refusing' | 'holding' = 'open';
  let onHeld: () => void = () => undefined;
  const server = createServer((client) => {
    if (state === 'refusing') {
      // Not before it has sent something: Node's fetch connects again and again to who hangs up at once.
      client.on('error', () => undefined).once('data', () => client.resetAndDestroy());
      return;
    }
    const pair = new Pair(client, connect(Number(port), hostname));
    pairs.add(pair);
    pair.onData = () => {
      if (state === 'holding') onHeld();
    };
    if (state === 'holding') pair.pause();
    client.on('close', () => pairs.delete(pair));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => {
      state = 'open';
      for (const pair of pairs) pair.resume();
    },
    refuse: () => {
      state = 'refusing';
      for (const pair of pairs) pair.destroy();
    },
    hold: () => {
      state = 'holding';
      for (const pair of pairs) pair.pause();
      return new Promise((resolve) => (onHeld = resolve));
    },
    close: async () => {
      for (const pair of pairs) pair.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #held: Buffer[] = [];
  #isPaused = false;
  onData: () => void = () => undefined;

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    client.on('data', (data) => {
      this.onData();
      if (this.#isPaused) this.#held.push(data);
      else server.write(data);
    });
    server.on('data', (data) => client.write(data));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // Whoever breaks off breaks the other side off, too.
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const data of this.#held.splice(0)) this.#server.write(data);
  }

  destroy(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }
}
