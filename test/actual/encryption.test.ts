import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MisbehavingProxy, webPage } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, startActual, type ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();
const encryptionPassword = 'battery staple';

let actual: ActualFixture;
let proxy: MisbehavingProxy;
let syncId: string;
/** Where a copy of the encrypted budget is. */
let folder: string;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  proxy = await MisbehavingProxy.start(actual.server.url);
  syncId = await actual.device.encrypt(encryptionPassword);
  folder = path.join(tempFolder(), 'actual');
  await open({ encryptionPassword, folder }).sync(syncId, forever);
  await budgets.closeAll();
});
afterEach(async () => {
  proxy.behave();
  await budgets.closeAll();
});
afterAll(async () => {
  await proxy.close();
  await actual.close();
});

const open = (options: { folder?: string; encryptionPassword?: string } = {}) =>
  budgets.open({ url: proxy.url, folder: tempFolder(), syncIds: [syncId], ...options });
const failureOfSync = (options: Parameters<typeof open>[0]) => failureOf(open(options).sync(syncId, forever));

const needsPassword = {
  code: 'ACTUAL_ENCRYPTION',
  message: 'This budget is end-to-end encrypted, and no password for it is configured.',
  action: 'Set ACTUAL_ENCRYPTION_PASSWORD and restart.',
  retryable: false,
};
const wrongPassword = {
  code: 'ACTUAL_ENCRYPTION',
  message: 'The encryption password does not open this budget.',
  action: 'Set the right ACTUAL_ENCRYPTION_PASSWORD and restart.',
  retryable: false,
};

it('receives what another device encrypted, after a restart too', async () => {
  await actual.device.addTransactions('Savings', [{ id: 'secret', date: '2025-02-01', amount: -1_00 }]);
  await actual.device.sync();
  const opened = open({ encryptionPassword, folder });
  expect(await opened.sync(syncId, forever)).toMatchObject({ transactionsChanged: 1 });
  expect(await opened.unknownTransactions(syncId, ['secret'])).toEqual([]);
});

it.each([
  ['no', needsPassword, {}],
  ['the wrong', wrongPassword, { encryptionPassword: 'wrong' }],
])(
  'says so where there is %s encryption password, without a copy and with one',
  async (_, failure, given) => {
    expect(await failureOfSync(given)).toMatchObject(failure);
    expect(await failureOfSync({ ...given, folder })).toMatchObject(failure);
  },
);

it('reads its copy without the encryption password, and asks for that once it syncs', async () => {
  const opened = open({ folder });
  expect(await opened.readHistory(syncId, forever)).toMatchObject([{ id: 'lidl-1' }]);
  expect(await failureOf(opened.sync(syncId, forever))).toMatchObject(needsPassword);
});

it('does not blame the encryption password where the key could not be asked for', async () => {
  proxy.misbehave('/sync/user-get-key', webPage(502));
  const failure = {
    code: 'ACTUAL_SERVER_ERROR',
    message: 'A proxy before the Actual server answered with an error (status 502).',
    retryable: true,
  };
  expect(await failureOfSync({ encryptionPassword })).toMatchObject(failure);
  expect(await failureOfSync({ encryptionPassword, folder })).toMatchObject(failure);
});

it('says what to do where a budget is encrypted, or encrypted anew, on another device', async () => {
  const opened = open({ encryptionPassword, folder });
  await opened.sync(syncId, forever);
  const newSyncId = await actual.device.encrypt('another');

  expect(await failureOf(opened.sync(syncId, forever))).toMatchObject({
    code: 'ACTUAL_BUDGET_RESET',
    action: 'Copy the new Sync ID from Settings, Advanced in Actual into ACTUAL_SYNC_ID.',
    retryable: false,
  });
  const renewed = budgets.open({
    url: proxy.url,
    folder: tempFolder(),
    syncIds: [newSyncId],
    encryptionPassword,
  });
  expect(await failureOf(renewed.sync(newSyncId, forever))).toMatchObject(wrongPassword);
});
