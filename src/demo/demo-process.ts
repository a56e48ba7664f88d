import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import type { DemoLog } from './demo-log.js';

export interface DemoProcessOptions {
  readonly log: DemoLog;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A child process of the demo: it ends when this process does, and what it writes goes to the log. */
export class DemoProcess {
  readonly #child: ChildProcess;
  /** Resolves when it is gone and its output is read, with how it ended. */
  readonly ended: Promise<string>;

  /** @param entry name of a file beside this one, which calls `live-as-demo-process.ts` */
  constructor(entry: string, { log, env, ...options }: DemoProcessOptions) {
    const child = fork(compiled(entry), [String(process.pid)], {
      ...options,
      // Nothing is inherited: variables that mean something to Actual or to Node were set for this process.
      env: { NODE_ENV: 'production', NO_COLOR: '1', ...env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(signal ?? `status ${String(code)}`));
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface(output).on('line', (line) => log.debug({ entry, line }, 'The demo wrote'));
    }
  }

  send(message: object): void {
    // Where it is gone, its end says more than an error here.
    this.#child.send(message, () => undefined);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on('message', listener);
  }

  /** The next message. Rejects when none comes in time or before the process ends. */
  async answer<T>(schema: z.ZodType<T>, deadlineMs: number): Promise<T> {
    const message = once(this.#child, 'message', { signal: AbortSignal.timeout(deadlineMs) });
    const [answer] = (await Promise.race([message, this.#endTooEarly()])) as [unknown];
    return schema.parse(answer);
  }

  /** Ends it at once: nothing that these processes have finished is lost. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #endTooEarly(): Promise<never> {
    throw new Error(`The process ended with ${await this.ended}`);
  }
}

/** A process has to be JavaScript, also where this file runs as TypeScript, as in tests. */
function compiled(entry: string): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/src/demo/' : './';
  return new URL(`${folder}${entry}.js`, import.meta.url);
}
