import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ActualBudgets } from '../../src/actual/actual-budgets.js';
import { MisbehavingProxy } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, smallBudget, startActual } from './actual-fixture.js';
import type { ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();
const downloads = 'GET /sync/download-user-file';

let actual: ActualFixture;
let proxy: MisbehavingProxy;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  proxy = await MisbehavingProxy.start(actual.server.url);
});
afterAll(async () => {
  await proxy.close();
  await actual.close();
});

let folder: string;
let opened: ActualBudgets;
beforeEach(async () => {
  folder = path.join(tempFolder(), 'actual');
  opened = open();
  await sync();
  proxy.requests.length = 0;
});
afterEach(() => budgets.closeAll());

const open = (syncId = actual.syncId) => budgets.open({ url: proxy.url, folder, syncIds: [syncId] });
const sync = () => opened.sync(actual.syncId, forever);
const addOnDevice = async (id: string) => {
  await actual.device.addTransactions('Checking', [{ id, date: '2025-02-01', amount: -1_00 }]);
  await actual.device.sync();
};
/** The folder in which the library keeps the budget. */
const copyFolder = () => {
  const copy = path.join(folder, readdirSync(folder)[0] ?? '', 'copy');
  const name = readdirSync(copy, { withFileTypes: true }).find((one) => one.isDirectory())?.name;
  return path.join(copy, name ?? '');
};
const damage = async (file: string, content: string | Buffer) => {
  await opened.close();
  writeFileSync(path.join(copyFolder(), file), content);
  opened = open();
};

it('reads without asking the server, once there is a copy', async () => {
  await opened.close();
  opened = open();
  const { transactions } = await opened.readBatch(
    actual.syncId,
    { allUncategorized: true, limit: 10 },
    forever,
  );
  expect(transactions.map(({ id }) => id)).toContain('lidl-2');
  expect(proxy.requests).toEqual([]);
});

it('downloads the budget again where its database is damaged', async () => {
  await damage('db.sqlite', Buffer.alloc(8_192, 'x'));
  expect(await sync()).toMatchObject({ kind: 'SYNC' });
  expect(proxy.count(downloads)).toBe(1);
});

it('downloads the budget again where its database is damaged, for reading as well', async () => {
  await damage('db.sqlite', '');
  expect(await opened.readHistory(actual.syncId, forever)).toMatchObject([{ id: 'lidl-1' }]);
  expect(proxy.count(downloads)).toBe(1);
});

it.each([
  ['lost', undefined],
  ['cut off', '{"id":"Small-'],
  ['of another budget', '{"id":"other"}'],
])('downloads the budget again where its metadata is %s', async (_how, content) => {
  await damage('metadata.json', content ?? '');
  if (content === undefined) rmSync(path.join(copyFolder(), 'metadata.json'));
  expect(await sync()).toMatchObject({ kind: 'SYNC' });
  expect(proxy.count(downloads)).toBe(1);
  expect(await opened.unknownTransactions(actual.syncId, ['lidl-1'])).toEqual([]);
});

it.each([
  ['its folder was', () => folder],
  ['its copy was', () => path.dirname(copyFolder())],
  ['its database was', () => path.join(copyFolder(), 'db.sqlite')],
])('downloads the budget again where %s taken away while it was open', async (what, whatIsTaken) => {
  renameSync(whatIsTaken(), path.join(tempFolder(), 'taken'));
  await addOnDevice(`after-${what}`);

  await sync();

  expect(proxy.count(downloads)).toBe(1);
  expect(await opened.unknownTransactions(actual.syncId, [`after-${what}`])).toEqual([]);
  await opened.close();
  opened = open();
  expect(await sync()).toMatchObject({ kind: 'SYNC' });
  expect(proxy.count(downloads)).toBe(1);
});

it('replaces the metadata of its copy as a whole, so that a kill never leaves half of it', async () => {
  const metadata = path.join(copyFolder(), 'metadata.json');
  const before = readFileSync(metadata, 'utf8');
  const sameFile = path.join(folder, 'same-file');
  linkSync(metadata, sameFile);
  await addOnDevice('after-metadata');

  await sync();

  expect(readFileSync(metadata, 'utf8')).not.toBe(before);
  expect(readFileSync(sameFile, 'utf8')).toBe(before);
});

it('tells the changes that came with a sync whose result nobody got', async () => {
  await addOnDevice('unreported');
  const reported = path.join(copyFolder(), '..', 'reported.json');
  const before = readFileSync(reported);
  await sync();
  await opened.close();
  // As a kill between the last change and the report leaves it.
  writeFileSync(reported, before);
  opened = open();
  expect(await sync()).toMatchObject({ transactionsChanged: 1, accountsTouched: ['Checking'] });
});

it('says that another process uses the copy', async () => {
  const other = open();
  expect(await failureOf(other.sync(actual.syncId, forever))).toMatchObject({
    code: 'LOCAL_STORAGE',
    message: 'Another process is using the local copy of the budget.',
    action: 'End the other server that runs in the same DATA_DIR, then retry.',
    retryable: true,
  });
  expect(await sync()).toMatchObject({ kind: 'SYNC' });
});

it('says that something else is where the copy should be', async () => {
  folder = path.join(tempFolder(), 'file');
  writeFileSync(folder, '');
  expect(await failureOf(open().sync(actual.syncId, forever))).toMatchObject({
    code: 'LOCAL_STORAGE',
    message: 'The local copy of the budget cannot be written: this app may not write there.',
    action: 'Correct the permissions of DATA_DIR, then retry.',
    retryable: false,
  });
});

it('says that a budget is of a newer version, without a copy and with one', async () => {
  const syncId = await actual.device.createBudget({ ...smallBudget, name: 'Newer' });
  const known = open(syncId);
  await known.sync(syncId, forever);
  const newer = {
    code: 'ACTUAL_VERSION_MISMATCH',
    message: 'The budget was written by a newer version of Actual than this app understands.',
    action: 'Update this app to a release that supports your version of Actual.',
    retryable: false,
  };

  await actual.device.sendUnknownColumn('lidl-1');
  await actual.device.sync();
  expect(await failureOf(known.sync(syncId, forever))).toMatchObject(newer);
  await known.close();

  await actual.device.useNewerSchema();
  await actual.device.upload();
  folder = tempFolder();
  expect(await failureOf(open(syncId).sync(syncId, forever))).toMatchObject(newer);
  await actual.device.open(actual.syncId);
});

it('says that a copy that is there is of a newer version', async () => {
  await opened.close();
  const database = new Database(path.join(copyFolder(), 'db.sqlite'));
  database.exec('INSERT INTO __migrations__ (id) VALUES (9999999999999)');
  database.close();
  opened = open();
  expect(await failureOf(sync())).toMatchObject({ code: 'ACTUAL_VERSION_MISMATCH', retryable: false });
});
