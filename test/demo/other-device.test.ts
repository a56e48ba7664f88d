import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { newPurchases } from '../../src/demo/household.js';
import { onOtherDevice } from '../../src/demo/on-other-device.js';
import { OtherDevice } from '../../src/demo/other-device.js';
import { startSyncServer, type SyncServer } from '../../src/demo/sync-server.js';
import { tempFolders } from '../support/temp-folder.js';
import { openHousehold } from './household-client.js';
import { RecordingLog } from './recording-log.js';

const tempFolder = tempFolders();
const dataDir = tempFolder();
const password = 'a password';
const today = '2025-11-24';
const patience = { timeout: 25_000 };

let server: SyncServer;
let syncId: string;
beforeAll(async () => {
  server = await startSyncServer({ dataDir });
  await fetch(`${server.url}/account/bootstrap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  const work = { kind: 'create-budget' } as const;
  const task = { serverUrl: server.url, password, folder: tempFolder(), today, seed: 1, work };
  syncId = await onOtherDevice(task, new RecordingLog());
});
afterAll(() => server.close());

let device: OtherDevice;
let log: RecordingLog;
/** The device asks for the time whenever its interval is over. */
let asked: Date[];
let before: Set<string>;
beforeEach(async () => {
  log = new RecordingLog();
  asked = [];
  before = new Set(await ids());
});
afterEach(() => device.close());

const start = () => {
  device = new OtherDevice({
    serverUrl: server.url,
    password,
    syncId,
    folder: path.join(tempFolder(), 'device'),
    intervalMs: 1,
    mostUnseen: 1,
    now: () => {
      const time = new Date(2025, 10, 24, 12, 0, 0, asked.length);
      asked.push(time);
      return time;
    },
    log,
  });
};
const rounds = (count: number) => {
  const until = asked.length + count;
  return vi.waitUntil(() => asked.length >= until, patience);
};

async function rows() {
  const client = await openHousehold({ url: server.url, password, syncIds: [syncId] }, tempFolder());
  const found = client.rows();
  await client.close();
  return found;
}
const ids = async () => (await rows()).map(({ id }) => id);
const added = async () => (await rows()).filter(({ id }) => !before.has(id));

it('adds purchases of the day, and no more until another client has synced', async () => {
  start();
  await rounds(10);
  const first = (await added()).map((row) => [row.date, row.amount, row.importedPayee].join());
  const expected = newPurchases(today, asked[0]?.getTime() ?? 0);
  expect(first.sort()).toEqual(
    expected.map((one) => [20251124, one.amount, one.importedPayee].join()).sort(),
  );

  device.clientSyncs();
  await rounds(10);
  expect((await added()).length).toBeGreaterThan(first.length);
  expect(log.warnings).toEqual([]);
});

it('goes on after the server was gone for a while', async () => {
  const { port } = server;
  await server.close();
  start();
  await vi.waitUntil(() => log.warnings.length >= 2, patience);

  server = await startSyncServer({ dataDir, port });
  await vi.waitUntil(async () => (await added()).length > 0, { ...patience, interval: 500 });
});

it('can be ended while it is at work', async () => {
  start();
  await rounds(1);
  await device.close();
  await device.close();
  expect(asked).toHaveLength(1);
  expect(log.warnings).toEqual([]);
});
