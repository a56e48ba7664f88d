import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DemoLog } from './demo-log.js';
import { readDemoState, writeDemoState, type DemoState } from './demo-state.js';
import { localDay } from './local-day.js';
import { onOtherDevice } from './on-other-device.js';
import { OtherDevice } from './other-device.js';
import { startSyncServer, type SyncServer } from './sync-server.js';

export interface DemoOptions {
  /** Of the demo alone; made where it does not exist. One process at a time. */
  readonly folder: string;
  /** How often the other device adds something. */
  readonly intervalMs: number;
  readonly log: DemoLog;
  readonly now?: () => Date;
}

/** An Actual server with a household's budget on it, and another device that uses it as well. */
export interface Demo {
  readonly url: string;
  readonly password: string;
  readonly syncIds: readonly string[];
  /** Resolves when its processes are gone. */
  close(): Promise<void>;
}

/** The message says what to do. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code = 'DEMO_DID_NOT_START';
}

/** The same household for everybody, but for the dates. */
const HOUSEHOLD_SEED = 1;

/**
 * Starts the demo of that folder as it was left; the first time, which takes some seconds, it is created.
 *
 * @throws DemoError
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  try {
    return await start({ now: () => new Date(), ...options });
  } catch (cause) {
    const message =
      `The demo could not be started: make sure that there is space left on the disk, and remove ` +
      `${options.folder} to begin with a new one, or set ACTUAL_SERVER_URL to use your own Actual server.`;
    throw new DemoError(message, { cause });
  }
}

async function start({ folder, intervalMs, log, now }: Required<DemoOptions>): Promise<Demo> {
  const serverFolder = path.join(folder, 'server');
  const deviceFolder = path.join(folder, 'device');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Without the server's data there is nothing that could be found again.
  const known = existsSync(serverFolder) ? await readDemoState(folder) : undefined;
  if (!known) {
    // A start that was cut short left them.
    for (const unfinished of [serverFolder, deviceFolder])
      await rm(unfinished, { recursive: true, force: true });
  }

  let device: OtherDevice | undefined;
  const server = await startSyncServer({
    dataDir: serverFolder,
    port: known?.port,
    log,
    onSync: () => device?.clientSyncs(),
  });
  try {
    const state = known ? { ...known, port: server.port } : await create(server, deviceFolder, now(), log);
    // A client's copy of the budget belongs to an address, so that is to stay.
    if (state.port !== known?.port) await writeDemoState(folder, state);
    const { password, syncId } = state;
    const running = new OtherDevice({
      serverUrl: server.url,
      password,
      syncId,
      folder: deviceFolder,
      intervalMs,
      now,
      log,
    });
    device = running;
    const close = async () => {
      await running.close();
      await server.close();
    };
    return { url: server.url, password, syncIds: [syncId], close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function create(server: SyncServer, folder: string, time: Date, log: DemoLog): Promise<DemoState> {
  const password = randomBytes(24).toString('base64url');
  const answer = await fetch(`${server.url}/account/bootstrap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  if (!answer.ok) throw new Error(`The server did not take its password: ${await answer.text()}`);
  const syncId = await onOtherDevice(
    {
      serverUrl: server.url,
      password,
      folder,
      today: localDay(time),
      seed: HOUSEHOLD_SEED,
      work: { kind: 'create-budget' },
    },
    log,
  );
  return { version: 1, password, syncId, port: server.port };
}
