import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { DemoLog } from './demo-log.js';
import { DemoProcess } from './demo-process.js';

export interface SyncServerOptions {
  /** What it keeps; made where it does not exist. One server at a time. */
  readonly dataDir: string;
  /** Taken where it is free; otherwise, and by default, any. */
  readonly port?: number | undefined;
  readonly log?: DemoLog;
  /** A client has begun to sync a budget. */
  readonly onSync?: () => void;
}

/** A running Actual server, reachable from this machine only. */
export interface SyncServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Resolves when its process is gone. */
  close(): Promise<void>;
}

const listeningSchema = z.object({ type: z.literal('listening'), port: z.number() });
/** What its process says to this one. */
export type SyncServerMessage = z.infer<typeof listeningSchema> | { readonly type: 'sync' };

export class SyncServerError extends Error {
  override readonly name = 'SyncServerError';
  readonly code = 'SYNC_SERVER_DID_NOT_START';
}

const HOST = '127.0.0.1';
const START_DEADLINE_MS = 30_000;
const silent: DemoLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Starts the Actual server of npm in a process of its own, which ends when this one does, however that is.
 * It is not configured yet: its password has to be set (`POST /account/bootstrap`).
 *
 * @throws SyncServerError
 */
export async function startSyncServer(options: SyncServerOptions): Promise<SyncServer> {
  const { port: wanted = 0, log = silent, onSync } = options;
  const dataDir = path.resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // A `config.json` in the working directory would count.
  const server = new DemoProcess('sync-server-process', {
    log,
    cwd: dataDir,
    env: environmentOf(dataDir, wanted),
  });
  let isClosing = false;
  const close = () => {
    isClosing = true;
    return server.kill();
  };

  try {
    const { port } = await server.answer(listeningSchema, START_DEADLINE_MS);
    if (onSync) server.onMessage(onSync);
    void server.ended.then((how) => {
      if (!isClosing) log.error({ how }, 'The demo server has ended; start again');
    });
    return { url: `http://${HOST}:${port}`, port, close };
  } catch (cause) {
    await close();
    throw new SyncServerError('The demo server did not start', { cause });
  }
}

function environmentOf(dataDir: string, port: number): NodeJS.ProcessEnv {
  return {
    ACTUAL_HOSTNAME: HOST,
    ACTUAL_PORT: String(port),
    ACTUAL_DATA_DIR: dataDir,
    ACTUAL_SERVER_FILES: path.join(dataDir, 'server-files'),
    ACTUAL_USER_FILES: path.join(dataDir, 'user-files'),
  };
}
