import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const script = fileURLToPath(new URL('event-store-main.mjs', import.meta.url));

export interface EventStoreProcess {
  /** What it has written so far. */
  readonly lines: readonly string[];
  /** Resolves when it has written so many lines, or has ended. */
  written(count: number): Promise<void>;
  /** Kills it without a warning; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Real processes that open the built store; those that are left are killed after each test. */
export function eventStoreProcesses(): (...args: readonly string[]) => EventStoreProcess {
  const processes: EventStoreProcess[] = [];
  afterEach(() => Promise.all(processes.splice(0).map((each) => each.kill())));
  return (...args) => {
    const started = start(args);
    processes.push(started);
    return started;
  };
}

function start(args: readonly string[]): EventStoreProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const checks = new Set<() => void>();
  const output = createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const check of checks) check();
  });
  const gone = Promise.all([once(child, 'exit'), once(output, 'close')]).then(() => undefined);
  return {
    lines,
    written: (count) =>
      Promise.race([
        gone,
        new Promise<void>((resolve) => {
          const check = () => {
            if (lines.length >= count) resolve();
          };
          checks.add(check);
          check();
        }),
      ]),
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
