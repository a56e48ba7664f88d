import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { inspected, liveHeapBytes } from './live-heap.js';

/** With another seed other inputs are tried; the one of a failed run is in its message. */
export const seed = Number(process.env.FUZZ_SEED ?? 20_261_127);
/** How long so many inputs may take on a busy machine (milliseconds); a quiet one takes a fifth. */
export const patienceMs = 240_000;
const mebibyte = 1_048_576;
/** What a server may come to need while it lives: caches fill up, and connections hold what came over them last. */
const mostGrowth = 32 * mebibyte;

/** How many inputs are tried: a share of the 20,000 of all kinds, or of `FUZZ_RUNS` in their place. */
export function runsOf(share: number): number {
  return Math.ceil(Number(process.env.FUZZ_RUNS ?? 20_000) * share);
}

/** The codes of errors that a client may meet, whatever it sends. */
const codes: ReadonlySet<unknown> = new Set([
  ...['MISSING_INPUT', 'INVALID_INPUT', 'UNKNOWN_BUDGET', 'JOB_NOT_FOUND', 'JOB_ALREADY_ACTIVE'],
  ...['IDEMPOTENCY_KEY_REUSED', 'JOB_NOT_RETRYABLE', 'TOO_MANY_JOBS', 'QUERY_TOO_COMPLEX'],
]);

interface ErrorData {
  readonly message: unknown;
  readonly extensions?: { readonly code?: unknown };
}

/** Errors of a GraphQL answer have a sentence and a code of those above, and tell nothing of the inside. */
export function expectCoded(errors: readonly ErrorData[]): void {
  for (const { message, extensions } of errors) {
    expect(codes).toContain(extensions?.code);
    expect(message).toMatch(/\S/);
    expect(message).not.toMatch(/node_modules|\.[jt]s:\d+|SQLITE|SELECT |\n\s+at /);
  }
}

/** The real built server with the demo, looked at from outside. */
export class FuzzedServer {
  #usualBytes = 0;
  #usualFiles = 0;

  private constructor(private readonly server: ServerProcess) {}

  static async start(dataDir: string): Promise<FuzzedServer> {
    return new FuzzedServer(
      await startServer({
        dataDir,
        env: { LOG_LEVEL: 'error', MAX_ACTIVE_JOBS: '5', REQUEST_TIMEOUT_MS: '200', ...inspected },
      }),
    );
  }

  get url(): string {
    return this.server.url;
  }

  get webSocketUrl(): string {
    return `${this.url.replace('http', 'ws')}/graphql`;
  }

  /** From now on it is told whether it grows. */
  async noteUsualSize(): Promise<void> {
    this.#usualBytes = await liveHeapBytes(this.server.output());
    this.#usualFiles = openFiles(this.server.pid);
  }

  /** It lives, has logged no error, and is about as large as it was. */
  async expectUnharmed(): Promise<void> {
    expect(await fetch(new URL('/readyz', this.url))).toMatchObject({ status: 200 });
    expect(
      this.server
        .output()
        .split('\n')
        .filter((line) => /"level":(50|60)|ERROR|FATAL|Unhandled|Internal error/.test(line)),
    ).toEqual([]);
    const grownBytes = (await liveHeapBytes(this.server.output())) - this.#usualBytes;
    expect(grownBytes).toBeLessThan(mostGrowth);
    await expect.poll(() => openFiles(this.server.pid)).toBeLessThan(this.#usualFiles + 20);
  }

  async stop(): Promise<void> {
    expect(await this.server.stop()).toBe(0);
  }
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
