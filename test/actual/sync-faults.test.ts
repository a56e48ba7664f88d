import Database from 'better-sqlite3';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ActualBudgets } from '../../src/actual/actual-budgets.js';
import { startDevice } from '../support/actual-device.js';
import { json, MisbehavingProxy, webPage } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, password, smallBudget, startActual } from './actual-fixture.js';
import type { ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();

let actual: ActualFixture;
let proxy: MisbehavingProxy;
/** Of a budget with a local copy, held open. */
let warm: ActualBudgets;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  proxy = await MisbehavingProxy.start(actual.server.url);
  warm = open(actual.syncId);
  await warm.sync(actual.syncId, forever);
});
afterEach(() => {
  proxy.behave();
  proxy.requests.length = 0;
});
afterAll(async () => {
  await budgets.closeAll();
  await proxy.close();
  await actual.close();
});

const open = (syncId: string, timeoutMs = 20_000) =>
  budgets.open({ url: proxy.url, folder: tempFolder(), syncIds: [syncId], timeoutMs });
const failureOfSync = () => failureOf(warm.sync(actual.syncId, forever));
const failureOfDownload = (syncId = actual.syncId) => failureOf(open(syncId).sync(syncId, forever));
const syncRoute = '/sync/sync';
const downloadRoute = '/sync/download-user-file';

/** As an administrator of the server could: all sessions end, that of the other device too. */
async function revokeSessions(): Promise<void> {
  const accounts = new Database(path.join(actual.serverFolder, 'server-files', 'account.sqlite'));
  accounts.exec('DELETE FROM sessions');
  accounts.close();
  await actual.device.logIn(password);
}

it('goes on as if nothing had been, once the server is well again', async () => {
  proxy.misbehave(syncRoute, { kind: 'drop' });
  await failureOfSync();
  proxy.behave();
  await actual.device.addTransactions('Savings', [{ date: '2025-02-01', amount: 5_00 }]);
  await actual.device.sync();
  expect(await warm.sync(actual.syncId, forever)).toMatchObject({ transactionsChanged: 1 });
});

it('says that the connection dropped in the middle of a sync', async () => {
  proxy.misbehave(syncRoute, { kind: 'cut' });
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The connection to 127.0.0.1:${proxy.port} dropped in the middle of an answer.`,
    action: 'Check the network between this machine and the Actual server, then retry.',
    retryable: true,
  });
});

it('says that the connection dropped in the middle of a download', async () => {
  proxy.misbehave(downloadRoute, { kind: 'cut' });
  expect(await failureOfDownload()).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The connection to 127.0.0.1:${proxy.port} dropped in the middle of an answer.`,
    retryable: true,
  });
});

it('does not mind a connection that the server closed since the last sync', async () => {
  proxy.misbehave(syncRoute, { kind: 'drop' }, 1);
  expect(await warm.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
});

it('says that the server did not answer in time', async () => {
  const impatient = open(actual.syncId, 4_000);
  await impatient.sync(actual.syncId, forever);
  proxy.misbehave(syncRoute, { kind: 'stall' });
  expect(await failureOf(impatient.sync(actual.syncId, forever))).toMatchObject({
    code: 'ACTUAL_TIMEOUT',
    message: 'The Actual server did not answer within 4 s.',
    action: 'Check how busy the Actual server is, or raise ACTUAL_TIMEOUT_MS, then retry.',
    retryable: true,
  });
});

it.each([
  ['in words', 'Too many requests, please try again later.'],
  ['as JSON', '{"status":"error"}'],
])('says that the server limits requests (%s), and how long to wait', async (_how, body) => {
  proxy.misbehave(syncRoute, { kind: 'answer', status: 429, headers: { 'retry-after': '42' }, body });
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_RATE_LIMITED',
    message: 'The Actual server is receiving too many requests.',
    action: 'Wait some minutes, then retry.',
    retryable: true,
    retryAfterMs: 42_000,
  });
});

it('logs in again, once, where the server has forgotten the session', async () => {
  await revokeSessions();
  expect(await warm.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
  expect(proxy.count('POST /account/login')).toBe(1);
});

it('logs in again, once, where the server has forgotten the session before a download', async () => {
  const other = await actual.device.createBudget({ ...smallBudget, name: 'Second household' });
  const both = budgets.open({ url: proxy.url, folder: tempFolder(), syncIds: [actual.syncId, other] });
  await both.sync(actual.syncId, forever);
  proxy.requests.length = 0;
  await revokeSessions();
  expect(await both.sync(other, forever)).toMatchObject({ kind: 'SYNC' });
  expect(proxy.count('POST /account/login')).toBe(1);
  await actual.device.open(actual.syncId);
});

it('says that the login expired where a new one does not help', async () => {
  proxy.misbehave(
    syncRoute,
    json(401, { status: 'error', reason: 'unauthorized', details: 'token-not-found' }),
  );
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_AUTH_FAILED',
    message: 'The login on the Actual server expired, and a new one was not accepted either.',
    action: "Retry; if it happens again, look into the Actual server's log.",
    retryable: true,
  });
  expect(proxy.count('POST /account/login')).toBe(1);
});

it('says that there is no budget with this Sync ID', async () => {
  expect(await failureOfDownload('7a1b3c5d-0000-4000-8000-123456789abc')).toMatchObject({
    code: 'ACTUAL_BUDGET_NOT_FOUND',
    message: 'The Actual server has no budget with this Sync ID.',
    action: 'Copy the Sync ID from Settings, Advanced in Actual into ACTUAL_SYNC_ID.',
    retryable: false,
  });
});

it('says that a budget was deleted on the server', async () => {
  const syncId = await actual.device.createBudget({ ...smallBudget, name: 'To be deleted' });
  const known = open(syncId);
  await known.sync(syncId, forever);
  await actual.device.deleteBudgetOnServer();

  expect(await failureOf(known.sync(syncId, forever))).toMatchObject({
    code: 'ACTUAL_BUDGET_NOT_FOUND',
    message: 'The budget was deleted on the Actual server.',
    action: 'Set ACTUAL_SYNC_ID to the Sync ID of a budget that exists, and restart.',
    retryable: false,
  });
  expect(await failureOfDownload(syncId)).toMatchObject({
    code: 'ACTUAL_BUDGET_NOT_FOUND',
    retryable: false,
  });
  await actual.device.open(actual.syncId);
});

it("says that a budget's sync was reset on another device", async () => {
  const syncId = await actual.device.createBudget({ ...smallBudget, name: 'To be reset' });
  const known = open(syncId);
  await known.sync(syncId, forever);
  const newSyncId = await actual.device.resetSync();

  expect(newSyncId).not.toBe(syncId);
  expect(await failureOf(known.sync(syncId, forever))).toMatchObject({
    code: 'ACTUAL_BUDGET_RESET',
    message: "This budget's sync was reset from another device.",
    action: 'Copy the new Sync ID from Settings, Advanced in Actual into ACTUAL_SYNC_ID.',
    retryable: false,
  });
  expect(await failureOfDownload(syncId)).toMatchObject({
    code: 'ACTUAL_BUDGET_NOT_FOUND',
    retryable: false,
  });
  expect(await open(newSyncId).sync(newSyncId, forever)).toMatchObject({ kind: 'SYNC' });
  await actual.device.open(actual.syncId);
});

it.each([
  ['a sync', syncRoute, failureOfSync],
  ['a download', downloadRoute, () => failureOfDownload()],
])('says that the server has an error of its own (%s)', async (_what, route, fail) => {
  proxy.misbehave(route, json(500, { status: 'error', reason: 'internal-error' }));
  expect(await fail()).toMatchObject({
    code: 'ACTUAL_SERVER_ERROR',
    message: 'The Actual server reported an error of its own.',
    action: "Look into the Actual server's log, then retry.",
    retryable: true,
  });
});

it.each([
  ['a sync', 502, syncRoute, failureOfSync],
  ['a sync', 503, syncRoute, failureOfSync],
  ['a download', 504, downloadRoute, () => failureOfDownload()],
])('says that a proxy answered with an error (%s, status %i)', async (_what, status, route, fail) => {
  proxy.misbehave(route, webPage(status));
  expect(await fail()).toMatchObject({
    code: 'ACTUAL_SERVER_ERROR',
    message: `A proxy before the Actual server answered with an error (status ${status}).`,
    action: 'Check that the Actual server is running behind its proxy, then retry.',
    retryable: true,
  });
});

it('says that a proxy does not find the server', async () => {
  proxy.misbehave(syncRoute, webPage(404));
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_NOT_A_SERVER',
    message: `What answers at 127.0.0.1:${proxy.port} is not an Actual server, or a proxy hides it (status 404).`,
    action: 'Set ACTUAL_SERVER_URL to the address at which you open Actual.',
    retryable: false,
  });
});

it('says that there is more to send than a proxy takes', async () => {
  proxy.misbehave(syncRoute, webPage(413));
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_SERVER_ERROR',
    message:
      'There is more to send than the Actual server, or a proxy before it, takes at once (status 413).',
    action: 'Raise the limit for the size of requests there to 20 MB or more, then retry.',
    retryable: false,
  });
});

it.each([
  ['in place of a sync', syncRoute, failureOfSync],
  ['in place of the list of budgets', '/sync/list-user-files', () => failureOfDownload()],
  ['in place of a budget', downloadRoute, () => failureOfDownload()],
])('says that what answers is not an Actual server (a web page %s)', async (_place, route, fail) => {
  proxy.misbehave(route, webPage(200));
  expect(await fail()).toMatchObject({
    code: 'ACTUAL_NOT_A_SERVER',
    message: 'What answers at the configured address is not an Actual server.',
    action: 'Set ACTUAL_SERVER_URL to the address at which you open Actual.',
    retryable: false,
  });
});

it.each(['junkjunk', '\u0008\u0096', '\n\u00ff\u00ff\u00ff'])(
  'says that what answers is not an Actual server (no message of its protocol: %j)',
  async (text) => {
    proxy.misbehave(syncRoute, { kind: 'answer', status: 200, body: Buffer.from(text, 'latin1') });
    expect(await failureOfSync()).toMatchObject({ code: 'ACTUAL_NOT_A_SERVER', retryable: false });
  },
);

const unusableDownload = {
  code: 'ACTUAL_SERVER_ERROR',
  message: 'What the Actual server holds of the budget could not be opened.',
  action: 'In Actual, choose Settings, Advanced, Reset sync, then put the new Sync ID into ACTUAL_SYNC_ID.',
  retryable: false,
};

it('says that what the server holds of a budget is not one', async () => {
  proxy.misbehave(downloadRoute, { kind: 'answer', status: 200, body: Buffer.from('not a budget') });
  expect(await failureOfDownload()).toMatchObject(unusableDownload);
});

it('says that what the server holds of a budget cannot be opened, though the download succeeds', async () => {
  const syncId = await actual.device.createBudget({ ...smallBudget, name: 'Broken' });
  await actual.device.breakDatabase();
  await actual.device.upload();
  expect(await failureOfDownload(syncId)).toMatchObject(unusableDownload);
  await actual.device.open(actual.syncId);
});

it('says that the clock of another device is wrong, without a copy and with one', async () => {
  const other = await startDevice({ serverUrl: actual.server.url, password, dataDir: tempFolder() });
  const syncId = await other.createBudget({ ...smallBudget, name: 'From the future' });
  const known = open(syncId);
  await known.sync(syncId, forever);
  await other.setClockAhead(3_600_000);
  await other.addTransactions('Checking', [{ date: '2025-02-01', amount: -1_00 }]);
  await other.sync();
  await other.close();

  const clockDrift = {
    code: 'INTERNAL',
    message: 'The clock of this machine differs too much from that of another device.',
    action: 'Correct the clocks of this machine and of your other devices, then retry.',
    retryable: false,
  };
  expect(await failureOf(known.sync(syncId, forever))).toMatchObject(clockDrift);
  expect(await failureOfDownload(syncId)).toMatchObject(clockDrift);
});

it.each([
  [200, 'secret-detail', 'ACTUAL_NOT_A_SERVER'],
  [400, '{"status":"error","reason":"secret-detail"}', 'ACTUAL_SERVER_ERROR'],
])('never says what it does not know (status %i)', async (status, body, code) => {
  proxy.misbehave(syncRoute, { kind: 'answer', status, body });
  const failure = await failureOfSync();
  expect(failure).toMatchObject({ code });
  expect(JSON.stringify(failure)).not.toContain('secret');
});

it('says that a budget is no longer configured', async () => {
  expect(await failureOf(warm.sync('another', forever))).toMatchObject({
    code: 'ACTUAL_BUDGET_NOT_FOUND',
    message: 'This budget is no longer configured.',
    retryable: false,
  });
});
