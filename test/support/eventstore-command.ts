import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface CommandOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

export interface EventStoreCommand {
  readonly pid: number;
  /** Resolves when it has ended, with its exit status; null where it was killed. */
  readonly exited: Promise<number | null>;
  /** All that it has written so far, both streams. */
  output(): string;
  kill(): void;
}

const entry = fileURLToPath(new URL('../../dist/src/eventstore-command.js', import.meta.url));

/** `npm run eventstore -- copy` as it is built, in a process of its own. */
export function spawnEventStoreCommand({
  dataDir,
  env = {},
  args = ['copy'],
}: CommandOptions): EventStoreCommand {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    // Without a .env file.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH, HOME, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  return {
    pid: child.pid ?? 0,
    exited: once(child, 'close').then(([status]) => status as number | null),
    output: () => text,
    kill: () => child.kill('SIGKILL'),
  };
}

export async function runEventStoreCommand(
  options: CommandOptions,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const command = spawnEventStoreCommand(options);
  const status = await command.exited;
  return { status, output: command.output() };
}
