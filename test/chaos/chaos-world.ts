import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../src/demo/random.js';
import { startSyncServer } from '../../src/demo/sync-server.js';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.js';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { setServerPassword, startDevice } from '../support/actual-device.js';
import { openLogOf } from '../support/event-log.js';
import { EventStoreDbServer } from '../support/eventstoredb/eventstoredb-server.js';
import { openGate } from '../support/gate.js';
import { answeringRows, contentOf, OpenAiServer, type Course } from '../support/openai/openai-server.js';
import { eventsAfter } from '../support/own-streams.js';
import { tokenSecret } from '../support/signed-token.js';
import { soonGone } from '../support/soon-gone.js';
import { makeBudgets, type ChaosBudget } from './chaos-budgets.js';
import { ChaosServer } from './chaos-server.js';
import { keepWhatIsCut, readKeptLog } from './kept-log.js';
import type { Question } from './observed.js';
import type { Pace } from './pace.js';

export interface WorldOptions {
  readonly seed: number;
  readonly store: 'sqlite' | 'eventstoredb';
  readonly servers: number;
  readonly pace: Pace;
  /** Of the build that is under test; absent: the one in `dist/`. */
  readonly entry?: string | undefined;
  readonly onQuestion: (question: Question) => void;
}

/** All that outlives the servers under test, and those. */
export interface ChaosWorld {
  readonly servers: readonly ChaosServer[];
  readonly budgets: readonly ChaosBudget[];
  /** The log, to be read from outside; to be closed by who opens it. */
  openLog(): EventStore;
  /** All that was appended after a position. */
  readLog(after: string): Promise<readonly RecordedEvent[]>;
  close(): Promise<void>;
}

const password = 'correct horse';

export async function openChaosWorld(options: WorldOptions): Promise<ChaosWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-chaos-'));
  const actual = await startSyncServer({ dataDir: path.join(folder, 'sync-server') });
  await setServerPassword(actual.url, password);
  mkdirSync(path.join(folder, 'device'));
  const device = await startDevice({
    ...{ serverUrl: actual.url, password },
    dataDir: path.join(folder, 'device'),
  });
  const { budgets, idByAmount } = await makeBudgets(device, options.pace.budgets);
  await device.close();
  const model = await OpenAiServer.start();
  model.does(answeringSlowly(options, idByAmount));
  const store = options.store === 'eventstoredb' ? new EventStoreDbServer({}) : undefined;
  await store?.restart();

  const servers: ChaosServer[] = [];
  for (let n = 1; n <= options.servers; n++) {
    const dataDir = path.join(folder, `data-${n}`);
    mkdirSync(dataDir);
    const gates = {
      actual: await openGate(actual.url, manyAddresses()),
      model: await openGate(model.url),
      store: store && (await openGate(store.url)),
    };
    const env = {
      ...steady,
      ACTUAL_SERVER_URL: gates.actual.url,
      ACTUAL_PASSWORD: password,
      ACTUAL_SYNC_ID: budgets.map(({ id }) => id).join(','),
      OPENAI_BASE_URL: `${gates.model.url}/v1`,
      OPENAI_MODEL: 'test-model',
      ...(gates.store && {
        ...soonGone,
        EVENTSTORE_URL: gates.store.url.replace('http:', 'esdb:').concat('?tls=false'),
      }),
    };
    servers.push(new ChaosServer({ name: `server ${n}`, dataDir, gates, env, entry: options.entry }));
  }
  const dataDir = servers[0]?.dataDir ?? '';
  const openLog = () => (store ? openEventStoreDb({ url: store.url }) : openLogOf(dataDir));
  await prepare(servers);
  if (!store) keepWhatIsCut(dataDir);
  return {
    servers,
    budgets,
    openLog,
    readLog: async (after) => (store ? readSubscription(openLog(), after) : readKeptLog(dataDir, after)),
    close: async () => {
      for (const { gates } of servers) {
        await Promise.all([gates.actual.close(), gates.model.close(), gates.store?.close()]);
      }
      await Promise.all([actual.close(), model.stop(), store?.kill()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts each once, so that there are files to look into. */
async function prepare(servers: readonly ChaosServer[]): Promise<void> {
  for (const server of servers) {
    const life = server.start();
    if (!(await life.ready)) throw new Error(`${server.name} does not start:\n${life.output()}`);
    await server.kill();
  }
}

async function readSubscription(store: EventStore, after: string): Promise<readonly RecordedEvent[]> {
  try {
    return await eventsAfter(store, after === '' ? undefined : after);
  } finally {
    await store.close();
  }
}

/** Impatient, so that what is tried again ends soon; caps that so much work does not meet. */
const steady = {
  AUTH_JWT_SECRET: tokenSecret,
  MAX_STEP_ATTEMPTS: '4',
  MAX_INTERRUPTIONS: '8',
  RETRY_BASE_MS: '50',
  RETRY_MAX_MS: '200',
  ACTUAL_TIMEOUT_MS: '3000',
  ACTUAL_CANCEL_GRACE_MS: '300',
  OPENAI_TIMEOUT_MS: '3000',
  OPENAI_MAX_TOKENS_PER_JOB: '2000000000',
  OPENAI_MAX_TOKENS_PER_DAY: '2000000000',
  SWEEP_INTERVAL_MS: '1000',
  MAX_REQUESTS_PER_MINUTE: '1000000',
  MAX_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
};

/** The Actual server lets one address ask 500 times a minute. Linux has as many addresses of its own as one likes. */
function manyAddresses(): (() => string) | undefined {
  let connections = 0;
  return platform() === 'linux' ? () => `127.0.0.${2 + (connections++ % 250)}` : undefined;
}

/** A model that takes its time, and says the first category to everything. */
function answeringSlowly(
  { seed, onQuestion }: WorldOptions,
  idByAmount: ReadonlyMap<number, string>,
): Course {
  const random = new Random(seed);
  const answer = answeringRows((_row, { categories }) => categories[0]?.name);
  return async (response, question) => {
    const at = new Date().toISOString();
    const amounts = contentOf(question).rows.map(({ amount }) => Math.round(Number(amount) * 100));
    onQuestion({ at, transactionIds: amounts.map((amount) => idByAmount.get(amount) ?? `of ${amount}`) });
    await pause(random.between(5, 100));
    await answer(response, question);
  };
}
