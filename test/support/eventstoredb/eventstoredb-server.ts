import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const entry = fileURLToPath(new URL('server-process.mjs', import.meta.url));

export interface ServerOptions {
  /** Where the log lies; in memory without it. */
  readonly file?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** `name:password` of whom it lets in; without it, anybody. */
  readonly user?: string;
  /** What it takes in one append; 1 MiB without it. */
  readonly limitBytes?: number;
}

/** `'landed'` and `'lost'`: the connection breaks before the answer. `'reset'`: the call ends in silence. */
export type AppendCourse = 'landed' | 'lost' | 'reset';

interface Message {
  readonly id?: number;
  readonly listening?: number;
  readonly result?: unknown;
}

/** Servers of a test file, which end with it. To be called at the top of the file. */
export function eventStoreDbServers(): (options?: ServerOptions) => Promise<EventStoreDbServer> {
  const servers: EventStoreDbServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.kill())));
  return async (options = {}) => {
    const server = new EventStoreDbServer(options);
    servers.push(server);
    await server.restart();
    return server;
  };
}

/** A server that speaks EventStoreDB's protocol, in a process of its own, on a free port. */
export class EventStoreDbServer {
  readonly #options: ServerOptions;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #process: ChildProcess | undefined;
  #port = 0;
  #lastId = 0;

  /** It does not run yet; see `restart`. */
  constructor(options: ServerOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=${this.#options.tls !== undefined}`;
  }

  /** Kills it without a warning; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts it where it was, on the same port; resolves when it listens. */
  async restart(): Promise<void> {
    const options = JSON.stringify({ ...this.#options, port: this.#port });
    const child = fork(entry, [options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process = child;
    this.#port = await new Promise<number>((resolve, reject) => {
      child.on('message', ({ id = 0, listening, result }: Message) => {
        if (listening !== undefined) resolve(listening);
        this.#answers.get(id)?.(result);
        this.#answers.delete(id);
      });
      child.on('exit', () => reject(new Error('The server did not start')));
    });
  }

  /** It hangs until it is woken: connections stay, nothing is answered. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  wake(): void {
    this.#process?.kill('SIGCONT');
  }

  /** As it is for a while when it stops, and when it starts. */
  async becomeUnready(): Promise<void> {
    await this.#command('set', { isNotReady: true });
  }

  /** As it is in a cluster: another node is to be asked. */
  async referTo(leader: { readonly host: string; readonly port: number }): Promise<void> {
    await this.#command('set', { leader });
  }

  async becomeReady(): Promise<void> {
    await this.#command('set', {});
  }

  /** How the next appends go, in this order. */
  async onNextAppends(...courses: readonly AppendCourse[]): Promise<void> {
    await this.#command('nextAppends', { courses });
  }

  async endSubscriptions(how: 'reset' | 'dropped' | 'ended'): Promise<void> {
    await this.#command('endSubscriptions', { how });
  }

  /** How many events it got rid of to each subscription that there is. */
  async sentToSubscriptions(): Promise<readonly number[]> {
    return (await this.#command('sent', {})) as readonly number[];
  }

  #command(command: string, options: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#process?.send({ id, command, ...options });
    });
  }
}
