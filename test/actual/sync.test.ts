import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ActualBudgets } from '../../src/actual/actual-budgets.js';
import { startDevice, type DeviceRow } from '../support/actual-device.js';
import { MisbehavingProxy } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { forever, OpenBudgets, password, startActual, type ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();

let actual: ActualFixture;
/** Warm, and up to date before each test. */
let opened: ActualBudgets;
let folder: string;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  folder = path.join(tempFolder(), 'actual');
  opened = openAgain();
  await sync();
});
afterEach(async () => {
  await actual.device.sync();
  await sync();
});
afterAll(async () => {
  await budgets.closeAll();
  await actual.close();
});

const openAgain = (url = actual.server.url) => budgets.open({ url, folder, syncIds: [actual.syncId] });
const sync = () => opened.sync(actual.syncId, forever);
const onDevice = async (change: (device: ActualFixture['device']) => Promise<void>) => {
  await change(actual.device);
  await actual.device.sync();
};
/** Ids of the transactions that have no category, newest first. */
const uncategorised = async () =>
  (await opened.readBatch(actual.syncId, { allUncategorized: true, limit: 1_000 }, forever)).transactions.map(
    ({ id }) => id,
  );
/** All that the app can tell of the transactions, in the words of a device. */
const seenByApp = async (): Promise<DeviceRow[]> => {
  const { transactions, categories } = await opened.readBatch(
    actual.syncId,
    { allUncategorized: true, limit: 1_000 },
    forever,
  );
  const history = await opened.readHistory(actual.syncId, forever);
  const nameOf = (categoryId: string) => categories.find(({ id }) => id === categoryId)?.name ?? null;
  return [
    ...transactions.map((one) => ({ ...one, category: null })),
    ...history.map((one) => ({ ...one, category: nameOf(one.categoryId) })),
  ]
    .map(({ id, date, amount, accountName, category, payee, notes }) => ({
      id,
      date: Number(date.replaceAll('-', '')),
      amount,
      account: accountName,
      category,
      payee,
      notes,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};

it('has nothing to tell of what a first download held already', async () => {
  const first = budgets.open({ url: actual.server.url, folder: tempFolder(), syncIds: [actual.syncId] });
  const result = await first.sync(actual.syncId, forever);
  expect(result).toMatchObject({
    kind: 'SYNC',
    messagesReceived: 0,
    messagesSent: 0,
    transactionsChanged: 0,
    accountsTouched: [],
  });
  expect(result.durationMs).toBeGreaterThan(0);
});

it('tells how much came since a budget that is downloaded was uploaded', async () => {
  await onDevice((device) =>
    device.addTransactions('Savings', [{ id: 'later', date: '2025-02-01', amount: 5_00 }]),
  );
  const first = budgets.open({ url: actual.server.url, folder: tempFolder(), syncIds: [actual.syncId] });
  const { messagesReceived, transactionsChanged, accountsTouched } = await first.sync(actual.syncId, forever);
  expect(messagesReceived).toBeGreaterThan(4);
  expect(transactionsChanged).toBeGreaterThan(0);
  expect(accountsTouched).toContain('Savings');
});

it('receives transactions that another device added, and tells how many and where', async () => {
  await onDevice(async (device) => {
    await device.addTransactions('Savings', [{ id: 'added-1', date: '2025-02-03', amount: -1_00 }]);
    await device.addTransactions('Checking', [
      { id: 'added-2', date: '2025-02-04', amount: -2_00 },
      { id: 'added-3', date: '2025-02-05', amount: -3_00 },
    ]);
  });

  const result = await sync();

  expect(result).toMatchObject({
    messagesSent: 0,
    transactionsChanged: 3,
    accountsTouched: ['Checking', 'Savings'],
  });
  expect(result.messagesReceived).toBeGreaterThanOrEqual(3 * 4);
  expect(await uncategorised()).toEqual(expect.arrayContaining(['added-1', 'added-2', 'added-3']));
  expect(await sync()).toMatchObject({ messagesReceived: 0, transactionsChanged: 0, accountsTouched: [] });
});

it('counts each field that changed once, and a transaction once', async () => {
  await onDevice((device) => device.updateTransactions([{ id: 'lidl-2', notes: 'one', amount: -99_00 }]));
  expect(await sync()).toMatchObject({
    messagesReceived: 2,
    transactionsChanged: 1,
    accountsTouched: ['Checking'],
  });
});

it('counts a transaction that was deleted', async () => {
  await onDevice((device) =>
    device.addTransactions('Savings', [{ id: 'short-lived', date: '2025-02-06', amount: -1_00 }]),
  );
  await sync();
  await onDevice((device) => device.deleteTransactions(['short-lived']));
  expect(await sync()).toMatchObject({ transactionsChanged: 1, accountsTouched: ['Savings'] });
  expect(await uncategorised()).not.toContain('short-lived');
});

it('names both accounts of a transaction that was moved', async () => {
  await onDevice((device) =>
    device.addTransactions('Savings', [{ id: 'moving', date: '2025-02-07', amount: -1_00 }]),
  );
  await sync();
  await onDevice((device) => device.updateTransactions([{ id: 'moving', account: 'Checking' }]));
  expect(await sync()).toMatchObject({ transactionsChanged: 1, accountsTouched: ['Checking', 'Savings'] });
});

it('posts a scheduled transaction that is due, sends it and counts it, and both devices agree', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const [year, month, day] = today.split('-').map(Number);
  const yesterday = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (day ?? 1) - 1))
    .toISOString()
    .slice(0, 10);
  await onDevice((device) =>
    device.addSchedule({
      name: 'Rent',
      account: 'Checking',
      payee: 'Landlord',
      amount: -900_00,
      date: yesterday,
    }),
  );
  // A device posts what is due with its first sync of a day: one that has not synced yet, today.
  const other = budgets.open({ url: actual.server.url, folder: tempFolder(), syncIds: [actual.syncId] });

  const { messagesSent } = await other.sync(actual.syncId, forever);

  expect(messagesSent).toBeGreaterThan(4);
  await actual.device.sync();
  const rents = (await actual.device.transactions()).filter(({ payee }) => payee === 'Landlord');
  expect(rents).toMatchObject([{ amount: -900_00, account: 'Checking' }]);
  expect(await sync()).toMatchObject({ transactionsChanged: 1, accountsTouched: ['Checking'] });
});

it('agrees with all other devices after a sync, whoever changed the same thing last', async () => {
  const second = await startDevice({ serverUrl: actual.server.url, password, dataDir: tempFolder() });
  await second.open(actual.syncId);
  await onDevice((device) =>
    device.addTransactions('Checking', [
      { id: 'contested', date: '2025-03-01', amount: -7_77, payee_name: 'Aldi' },
      { id: 'doomed', date: '2025-03-02', amount: -8_88 },
    ]),
  );
  await second.sync();
  await sync();

  // Neither of the two knows yet what the other changes.
  await actual.device.updateTransactions([{ id: 'contested', notes: 'first', amount: -7_00 }]);
  await actual.device.updateTransactions([{ id: 'doomed', notes: 'too late' }]);
  await second.updateTransactions([{ id: 'contested', notes: 'second', category: 'Fun' }]);
  await second.deleteTransactions(['doomed']);
  for (const device of [second, actual.device, second]) await device.sync();
  await sync();

  const rows = await actual.device.transactions();
  expect(rows.find(({ id }) => id === 'contested')).toMatchObject({
    notes: 'second',
    amount: -7_00,
    category: 'Fun',
  });
  expect(rows.map(({ id }) => id)).not.toContain('doomed');
  expect(await second.transactions()).toEqual(rows);
  expect(await seenByApp()).toEqual(rows);
  await second.close();
});

it('goes on with its copy after a restart, and knows the name of the budget', async () => {
  await budgets.closeAll();
  await onDevice(async (device) => {
    await device.addTransactions('Savings', [{ id: 'meanwhile', date: '2025-02-08', amount: -1_00 }]);
  });
  opened = openAgain();
  expect(opened.list()).toEqual([{ id: actual.syncId, name: 'Small household' }]);
  expect(await sync()).toMatchObject({ transactionsChanged: 1, accountsTouched: ['Savings'] });
});

it('learns the name of a budget by itself, and a new one with a sync', async () => {
  const fresh = budgets.open({ url: actual.server.url, folder: tempFolder(), syncIds: [actual.syncId] });
  expect(fresh.list()).toEqual([{ id: actual.syncId, name: actual.syncId }]);
  await expect.poll(() => fresh.list()).toEqual([{ id: actual.syncId, name: 'Small household' }]);

  await onDevice((device) => device.rename('Large household'));
  await sync();
  expect(opened.list()).toEqual([{ id: actual.syncId, name: 'Large household' }]);
  await onDevice((device) => device.rename('Small household'));
});

it('syncs with a server below a path', async () => {
  const below = await MisbehavingProxy.start(actual.server.url, { below: '/actual' });
  const url = `http://127.0.0.1:${below.port}/actual`;
  const there = budgets.open({ url, folder: tempFolder(), syncIds: [actual.syncId] });
  expect(await there.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
  await there.close();
  await below.close();
});

it('keeps its folder from others', () => {
  const [copy = ''] = readdirSync(folder);
  expect(statSync(path.join(folder, copy)).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, copy, 'copy')).mode & 0o777).toBe(0o700);
  const files = readdirSync(path.join(folder, copy, 'copy'), { recursive: true, withFileTypes: true });
  const modes = files
    .filter((one) => one.isFile())
    .map((one) => statSync(path.join(one.parentPath, one.name)).mode);
  expect(modes.length).toBeGreaterThan(1);
  expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
});
