import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client.js';
import type { Gate } from '../support/gate.js';
import { spawnServer } from '../support/server-process.js';
import type { LifeEnd } from './plan.js';
import { canSeeProcesses, openFilesIn, processesWith } from './processes.js';
import { until } from './until.js';
import type { User } from './users.js';

export interface Gates {
  readonly actual: Gate;
  readonly model: Gate;
  /** Absent where the store is a file. */
  readonly store: Gate | undefined;
}

export interface ChaosServerOptions {
  readonly name: string;
  readonly dataDir: string;
  readonly gates: Gates;
  readonly env: Readonly<Record<string, string>>;
  /** Of the build that is under test; absent: the one in `dist/`. */
  readonly entry?: string | undefined;
}

/** From when its process was made until it is gone. */
export interface Life {
  /** True as soon as it is ready; false where it ended before. */
  readonly ready: Promise<boolean>;
  /** With its exit status; null: a signal ended it. */
  readonly exited: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  output(): string;
}

const killHook = new URL('killed-at-write.mjs', import.meta.url).href;
/** Children look after their parent every 250 ms. */
const orphanPatienceMs = 5_000;

/** A server that lives again and again, in one DATA_DIR. */
export class ChaosServer {
  readonly #options: ChaosServerOptions;
  readonly #clients = new Map<string, ApiClient>();
  /** In the environment of all processes of the present life. */
  #mark = '';
  #url: string | undefined;
  #life: Life | undefined;

  constructor(options: ChaosServerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  get gates(): Gates {
    return this.#options.gates;
  }

  /** Undefined while it is not ready. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Only while it is ready. */
  clientOf({ name, token }: User): ApiClient {
    if (this.#url === undefined) throw new Error('The server is not ready');
    const client = this.#clients.get(name) ?? new ApiClient(this.#url, { token });
    this.#clients.set(name, client);
    return client;
  }

  start(end?: LifeEnd): Life {
    const { dataDir, env, entry } = this.#options;
    this.#mark = `CHAOS_LIFE=${randomUUID()}`;
    const [, life = ''] = this.#mark.split('=');
    const run = spawnServer({
      dataDir,
      env: {
        ...env,
        CHAOS_LIFE: life,
        ...(end?.kind === 'WRITE' && {
          NODE_OPTIONS: `--import=${killHook}`,
          KILL_AT_WRITE: [end.side, end.number, end.type].join(' ').trim(),
        }),
      },
      ...(entry !== undefined && { entry }),
    });
    const ready = run.ready.then((url) => {
      this.#url = url;
      return url !== undefined;
    });
    const exited = run.exited.then(async (status) => {
      this.#url = undefined;
      const clients = [...this.#clients.values()];
      this.#clients.clear();
      // A client that was about to connect tells of it once more.
      await Promise.allSettled(clients.map((client) => client.close()));
      return status;
    });
    const signal = (name: NodeJS.Signals) => void run.stop(name);
    this.#life = { ready, exited, signal, output: run.output };
    return this.#life;
  }

  /** Resolves when it is gone, if it was there. */
  async kill(): Promise<void> {
    this.#life?.signal('SIGKILL');
    await this.#life?.exited;
  }

  /** Ends it in good order; resolves with its exit status. */
  async end(): Promise<number | null | undefined> {
    this.#life?.signal('SIGTERM');
    return this.#life?.exited;
  }

  /** What is left of the life that has just ended, in sentences; it is ended then. */
  async remains(): Promise<readonly string[]> {
    if (!canSeeProcesses) return [];
    const mark = this.#mark;
    let left: readonly number[] = [];
    await until(
      () => {
        left = processesWith(mark);
        return left.length === 0 || undefined;
      },
      { patienceMs: orphanPatienceMs, everyMs: 100 },
    );
    for (const pid of left) endIfThere(pid);
    return left.map((pid) => `Process ${pid} of ${this.name} outlived it`);
  }

  /** Files in its folder that nobody should have open: those of others, and those that are gone. */
  strayFiles(): readonly string[] {
    const own = new Set(processesWith(this.#mark));
    return openFilesIn(this.dataDir)
      .filter(({ pid, path }) => !own.has(pid) || path.endsWith(' (deleted)'))
      .map(({ pid, path }) => `Process ${pid} has ${path} open`);
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
