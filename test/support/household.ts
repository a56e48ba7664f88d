import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { startSyncServer } from '../../src/demo/sync-server.js';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { NamespacedEventStore } from '../../src/eventstore/namespaced-event-store.js';
import { setServerPassword, startDevice, type ActualDevice, type DeviceBudget } from './actual-device.js';
import { ApiClient } from './api-client.js';
import { openLogOf } from './event-log.js';
import { openGate, type Gate } from './gate.js';
import { deleteStreams, visibleEvents } from './own-streams.js';
import { spawnServer, startServer, type ServerProcess } from './server-process.js';
import { soonGone } from './soon-gone.js';

/**
 * The built server in front of a real Actual server, with a budget (or several) and another device that uses
 * the first one, too. The gate between the two servers can be shut. Its event store is the EventStoreDB that the
 * tests share, where they do, and a file of its own elsewhere; likewise the model.
 */
export interface Household extends Member {
  readonly device: ActualDevice;
  /** Sync IDs, as they are configured. */
  readonly budgetIds: readonly string[];
  /** The other device buys something and syncs. */
  buy(count: number): Promise<void>;
  /** What is left in the streams of the event store. */
  events(): Promise<readonly RecordedEvent[]>;
  /** All servers that were started, this one included; some may have ended. */
  readonly members: readonly Member[];
  /** Starts another server on the same event store, with a DATA_DIR and a gate of its own. */
  join(options?: JoinOptions): Promise<Member>;
  close(): Promise<void>;
}

/** One server of a household. */
export interface Member {
  readonly api: ApiClient;
  readonly server: ServerProcess;
  /** Between this server and the Actual server. */
  readonly gate: Gate;
  readonly dataDir: string;
  /** What its server is configured with. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the server and starts it again; `api` and `server` are new ones then. */
  restart(options?: RestartOptions): Promise<void>;
  /** Starts the server, which must have ended, for somebody who does not want to wait until it is ready. */
  launch(): ReturnType<typeof spawnServer>;
}

interface RestartOptions {
  readonly signal?: NodeJS.Signals;
  readonly env?: Readonly<Record<string, string>>;
}

interface JoinOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What lies in its DATA_DIR before it starts. */
  readonly prepare?: (dataDir: string) => void;
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
  const eventStoreUrl = env.EVENTSTORE_URL ?? inject('eventStoreUrl');
  const modelUrl = inject('modelUrl');
  const namespace = `test-${randomUUID()}`;
  const common = {
    ACTUAL_PASSWORD: password,
    ACTUAL_SYNC_ID: budgetIds.join(','),
    // Impatient, so that what is tried again ends soon.
    MAX_STEP_ATTEMPTS: '2',
    RETRY_BASE_MS: '50',
    RETRY_MAX_MS: '100',
    ACTUAL_CANCEL_GRACE_MS: '500',
    // Most tests that end it want to see what becomes of a step that has not ended.
    SHUTDOWN_GRACE_MS: '0',
    ...(modelUrl !== undefined && { OPENAI_BASE_URL: modelUrl, OPENAI_MODEL: 'test-model' }),
    ...(eventStoreUrl !== undefined && {
      EVENTSTORE_URL: eventStoreUrl,
      EVENTSTORE_NAMESPACE: namespace,
      ...soonGone,
    }),
    ...env,
  };
  const members: (Member & { close(): Promise<void> })[] = [];
  const join = async ({ env: more = {}, prepare = () => undefined }: JoinOptions = {}) => {
    const dataDir = path.join(folder, `data-${members.length + 1}`);
    mkdirSync(dataDir);
    prepare(dataDir);
    const member = await startMember(actual.url, dataDir, { ...common, ...more });
    members.push(member);
    return member;
  };
  const first = await join();
  const openStore = () =>
    eventStoreUrl === undefined
      ? openLogOf(first.dataDir)
      : new NamespacedEventStore(openEventStoreDb({ url: eventStoreUrl }), namespace);
  const withStore = async <T>(work: (store: EventStore) => Promise<T>) => {
    const store = openStore();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  let purchases = 0;
  // The getters of the first member stay getters.
  return Object.defineProperties({} as Household, {
    ...Object.getOwnPropertyDescriptors(first),
    ...Object.getOwnPropertyDescriptors({
      device,
      budgetIds,
      members,
      join,
      events: () => withStore(visibleEvents),
      buy: async (count: number) => {
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
      close: async () => {
        for (const member of members) await member.close();
        if (inject('eventStoreUrl') !== undefined) await withStore(deleteStreams);
        await device.close();
        await actual.close();
        rmSync(folder, { recursive: true, force: true });
      },
    }),
  });
}

async function startMember(
  actualUrl: string,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<Member & { close(): Promise<void> }> {
  const gate = await openGate(actualUrl);
  const options = (more: Readonly<Record<string, string>> = {}) => ({
    dataDir,
    env: { ACTUAL_SERVER_URL: gate.url, ...env, ...more },
  });
  let server: ServerProcess;
  try {
    server = await startServer(options());
  } catch (error) {
    await gate.close();
    throw error;
  }
  let api = new ApiClient(server.url);
  return {
    get server() {
      return server;
    },
    get api() {
      return api;
    },
    gate,
    dataDir,
    env: options().env,
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
    },
  };
}
