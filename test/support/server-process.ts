import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly pid: number;
  /** All that it has written so far, both streams. */
  output(): string;
  /** Ends it and resolves when it is gone, with its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it has ended, of itself or not. */
  readonly exited: Promise<number | null>;
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of another build than the one in `dist/`. */
  readonly entry?: string;
}

const builtEntry = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** Runs the built server in a process of its own, on a free port; resolves when it says that it is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const run = spawnServer(options);
  const url = await run.ready;
  if (url === undefined) throw new Error(`The server did not start:\n${run.output()}`);
  return { url, ...run };
}

/** Runs the built server where it is not expected to start; resolves when it has ended. */
export async function runToItsEnd(
  options: ServerOptions,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const run = spawnServer(options);
  const status = await run.exited;
  return { status, output: run.output() };
}

/** Runs the built server; `ready` resolves with its address, or with nothing where it ends before that. */
export function spawnServer({ dataDir, env = {}, entry = builtEntry }: ServerOptions) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    // Without a .env file.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH, HOME, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let announce: (url: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => (announce = resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const url = /ready at (http\S+)/.exec(text)?.[1];
      if (url) announce(url);
    });
  }
  const exited = once(child, 'close').then(([status]) => status as number | null);
  return {
    pid: child.pid ?? 0,
    ready: Promise.race([announced, exited.then(() => undefined)]),
    exited,
    output: () => text,
    stop: (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
