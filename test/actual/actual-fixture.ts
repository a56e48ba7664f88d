import { expect } from 'vitest';
import { ActualError, type ActualBudgets } from '../../src/actual/actual-budgets.js';
import { openServerBudgets, type ServerBudgetsOptions } from '../../src/actual/server-budgets.js';
import { startSyncServer, type SyncServer } from '../../src/demo/sync-server.js';
import type { Failure } from '../../src/domain/failure.js';
import { setServerPassword, startDevice, type ActualDevice } from '../support/actual-device.js';
import type { DeviceBudget } from '../support/actual-device.js';

export const password = 'correct horse';

/** A job's signal that nobody aborts. */
export const forever = { signal: new AbortController().signal };

export const smallBudget: DeviceBudget = {
  name: 'Small household',
  categoryGroups: [{ name: 'Everyday', categories: ['Food', 'Fun'] }],
  accounts: [
    {
      name: 'Checking',
      transactions: [
        { id: 'lidl-1', date: '2025-01-02', amount: -12_34, payee_name: 'Lidl', category: 'Food' },
        { id: 'lidl-2', date: '2025-01-09', amount: -23_45, payee_name: 'Lidl' },
      ],
    },
    { name: 'Savings', transactions: [{ id: 'interest', date: '2025-01-31', amount: 1_11 }] },
  ],
};

export interface ActualFixture {
  readonly server: SyncServer;
  readonly serverFolder: string;
  /** Another device, on which `smallBudget` is open. */
  readonly device: ActualDevice;
  readonly syncId: string;
  close(): Promise<void>;
}

/** A real server with a budget, and another device that uses it. */
export async function startActual(tempFolder: () => string): Promise<ActualFixture> {
  const serverFolder = tempFolder();
  const server = await startServer(serverFolder);
  const device = await startDevice({ serverUrl: server.url, password, dataDir: tempFolder() });
  const syncId = await device.createBudget(smallBudget);
  const close = async () => {
    await device.close();
    await server.close();
  };
  return { server, serverFolder, device, syncId, close };
}

export async function startServer(dataDir: string): Promise<SyncServer> {
  const server = await startSyncServer({ dataDir });
  await setServerPassword(server.url, password);
  return server;
}

/** Opens budgets as the app does, and closes them all with `closeAll`. */
export class OpenBudgets {
  readonly #open: ActualBudgets[] = [];

  open(options: Pick<ServerBudgetsOptions, 'url' | 'folder'> & Partial<ServerBudgetsOptions>): ActualBudgets {
    const budgets = openServerBudgets({
      password,
      syncIds: ['no-such-sync-id'],
      encryptionPassword: undefined,
      timeoutMs: 20_000,
      idleMs: 60_000,
      cancelGraceMs: 2_000,
      memoryMb: 2_048,
      log: { debug: () => undefined, warn: () => undefined },
      ...options,
    });
    this.#open.push(budgets);
    return budgets;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((budgets) => budgets.close()));
  }
}

/** What a user is told about work that fails, and how long to wait, where the server has said. */
export async function failureOf(
  work: Promise<unknown>,
): Promise<Failure & { readonly retryAfterMs: number | undefined }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ActualError)) throw new Error('It did not fail as expected', { cause: error });
  const { failure, retryAfterMs } = error;
  for (const sentence of [failure.message, failure.action]) {
    expect(sentence).toMatch(/^[A-Z][^<>\n]*\.$/);
    expect(sentence).not.toContain('secret-detail');
  }
  return { ...failure, retryAfterMs };
}
