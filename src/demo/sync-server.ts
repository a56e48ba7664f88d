import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { compiledEntry } from './compiled-entry.js';
import type { DemoLog } from './demo-log.js';

export interface SyncServerOptions {
  /** What it keeps; made where it does not exist. One server at a time. */
  readonly dataDir: string;
  /** Taken where it is free; otherwise, and by default, any. */
  readonly port?: number;
  readonly log?: DemoLog;
}

/** A running Actual server, reachable from this machine only. */
export interface SyncServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Resolves when its process is gone. */
  close(): Promise<void>;
}

const messageSchema = z.object({ port: z.number() });
/** What the process says when it listens. */
export type SyncServerMessage = z.infer<typeof messageSchema>;

export class SyncServerError extends Error {
  override readonly name = 'SyncServerError';
  readonly code = 'SYNC_SERVER_DID_NOT_START';
}

const HOST = '127.0.0.1';
const START_DEADLINE_MS = 30_000;

/**
 * Starts the Actual server of npm in a process of its own, which ends when this one does, however that is.
 *
 * @throws SyncServerError
 */
export async function startSyncServer({ dataDir, port = 0, log }: SyncServerOptions): Promise<SyncServer> {
  const folder = path.resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = fork(fileURLToPath(compiledEntry('sync-server-process')), [String(process.pid)], {
    // A `config.json` in the working directory would count.
    cwd: folder,
    env: environmentOf(folder, port),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = endOf(child);
  let isWanted = true;
  const close = async () => {
    isWanted = false;
    // It has nothing to tidy up: a request that it has answered is in its database.
    child.kill('SIGKILL');
    await ended;
  };

  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface(output).on('line', (line) => log?.debug({ line }, 'The demo server wrote'));
  }

  try {
    const signal = AbortSignal.timeout(START_DEADLINE_MS);
    const listening = once(child, 'message', { signal }).then(([message]) => messageSchema.parse(message));
    const { port: itsPort } = await Promise.race([listening, ended.then(refuse)]);
    void ended.then((how) => {
      if (isWanted) log?.error({ how }, 'The demo server has ended; start again');
    });
    return { url: `http://${HOST}:${itsPort}`, close };
  } catch (cause) {
    await close();
    throw new SyncServerError('The demo server did not start', { cause });
  }
}

/** Resolves when the process is gone and its output is read, with how it ended. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? `status ${String(code)}`));
  });
}

function refuse(how: string): never {
  throw new Error(`It ended with ${how}`);
}

/** Nothing is inherited: the variables of this program's own user would configure that server, too. */
function environmentOf(folder: string, port: number): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    NO_COLOR: '1',
    ACTUAL_HOSTNAME: HOST,
    ACTUAL_PORT: String(port),
    ACTUAL_DATA_DIR: folder,
    ACTUAL_SERVER_FILES: path.join(folder, 'server-files'),
    ACTUAL_USER_FILES: path.join(folder, 'user-files'),
  };
}
