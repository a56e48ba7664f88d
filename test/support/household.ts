import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSyncServer } from '../../src/demo/sync-server.js';
import { setServerPassword, startDevice, type ActualDevice, type DeviceBudget } from './actual-device.js';
import { ApiClient } from './api-client.js';
import { openGate, type Gate } from './gate.js';
import { spawnServer, startServer, type ServerProcess } from './server-process.js';

/**
 * The built server in front of a real Actual server, with a budget (or several) and another device that uses
 * the first one, too. The gate between the two servers can be shut.
 */
export interface Household {
  readonly api: ApiClient;
  readonly server: ServerProcess;
  readonly gate: Gate;
  readonly device: ActualDevice;
  /** Sync IDs, as they are configured. */
  readonly budgetIds: readonly string[];
  readonly dataDir: string;
  /** The other device buys something and syncs. */
  buy(count: number): Promise<void>;
  /** Ends the server and starts it again; `api` and `server` are new ones then. */
  restart(options?: RestartOptions): Promise<void>;
  /** Starts the server, which must have ended, for somebody who does not want to wait until it is ready. */
  launch(): ReturnType<typeof spawnServer>;
  close(): Promise<void>;
}

interface RestartOptions {
  readonly signal?: NodeJS.Signals;
  readonly env?: Readonly<Record<string, string>>;
}

const password = 'correct horse';
const account = 'Current account';

const bought: readonly (readonly [payee: string, category: string])[] = [
  ['LIDL', 'Groceries'],
  ['Shell', 'Fuel'],
  ['City Cinema', 'Fun'],
  ['Energy Co', 'Power'],
];

/** 12 of each payee with a category, and 3 of each without; one payee that nobody knows. */
const householdBudget = (name: string): DeviceBudget => ({
  name,
  categoryGroups: [{ name: 'Everyday', categories: bought.map(([, category]) => category) }],
  accounts: [
    {
      name: account,
      transactions: [
        ...bought.flatMap(([payee_name, category], index) =>
          Array.from({ length: 15 }, (_, month) => ({
            date: `2025-${String((month % 12) + 1).padStart(2, '0')}-${String(index + 1 + (month >= 12 ? 10 : 0)).padStart(2, '0')}`,
            amount: -1_000 * (index + 1) - month,
            payee_name,
            ...(month < 12 && { category }),
          })),
        ),
        { date: '2025-12-20', amount: -777, payee_name: 'Never seen before' },
      ],
    },
  ],
});

export const uncategorisedCount = bought.length * 3 + 1;

export async function openHousehold({
  budgets = 1,
  env = {},
}: { readonly budgets?: number; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Household> {
  const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-household-'));
  const actual = await startSyncServer({ dataDir: path.join(folder, 'sync-server') });
  await setServerPassword(actual.url, password);
  mkdirSync(path.join(folder, 'device'));
  const device = await startDevice({
    serverUrl: actual.url,
    password,
    dataDir: path.join(folder, 'device'),
  });
  const budgetIds: string[] = [];
  for (let n = budgets; n >= 1; n--) {
    // The last one that is made stays open on the device.
    budgetIds.unshift(await device.createBudget(householdBudget(`Household ${n}`)));
  }
  const gate = await openGate(actual.url);
  const dataDir = path.join(folder, 'data');
  const options = (more: Readonly<Record<string, string>> = {}) => ({
    dataDir,
    env: {
      ACTUAL_SERVER_URL: gate.url,
      ACTUAL_PASSWORD: password,
      ACTUAL_SYNC_ID: budgetIds.join(','),
      // Impatient, so that what is tried again ends soon.
      MAX_STEP_ATTEMPTS: '2',
      RETRY_BASE_MS: '50',
      RETRY_MAX_MS: '100',
      ACTUAL_CANCEL_GRACE_MS: '500',
      ...env,
      ...more,
    },
  });
  let server = await startServer(options());
  let api = new ApiClient(server.url);
  let purchases = 0;
  return {
    get server() {
      return server;
    },
    get api() {
      return api;
    },
    gate,
    device,
    budgetIds,
    dataDir,
    buy: async (count) => {
      await device.addTransactions(
        account,
        Array.from({ length: count }, () => ({
          date: '2026-01-10',
          amount: -100 - ++purchases,
          payee_name: 'LIDL',
        })),
      );
      await device.sync();
    },
    restart: async ({ signal, env: more } = {}) => {
      await api.close();
      await server.stop(signal);
      server = await startServer(options(more));
      api = new ApiClient(server.url);
    },
    launch: () => spawnServer(options()),
    close: async () => {
      await api.close();
      await server.stop();
      await gate.close();
      await device.close();
      await actual.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
