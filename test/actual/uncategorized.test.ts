import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ActualBudgets } from '../../src/actual/actual-budgets.js';
import { tempFolders } from '../support/temp-folder.js';
import { forever, OpenBudgets, startActual, type ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();

let actual: ActualFixture;
let opened: ActualBudgets;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  await actual.device.addTransactions('Checking', [
    { id: 'cafe', date: '2025-02-01', amount: -4_50, payee_name: 'Café Müller', notes: 'with Anna' },
    { id: 'known', date: '2025-02-02', amount: -5_00, payee_name: 'Café Müller', category: 'Fun' },
    { id: 'endless', date: '2025-02-03', amount: -6_00, payee_name: `Shop\n${'x'.repeat(300)}` },
  ]);
  await actual.device.sync();
  opened = budgets.open({ url: actual.server.url, folder: tempFolder(), syncIds: [actual.syncId] });
});
afterAll(async () => {
  await budgets.closeAll();
  await actual.close();
});

const find = (search = '', limit = 100) => opened.uncategorized(actual.syncId, { search, limit });

it('cannot be told before the budget was synced', async () => {
  expect(await find()).toBeNull();
});

it('are those that have no category and can be given one, newest first, as of the last sync', async () => {
  await opened.sync(actual.syncId, forever);

  const found = await find();

  expect(found?.count).toBe(4);
  expect(found?.transactions.map(({ id }) => id)).toEqual(['endless', 'cafe', 'interest', 'lidl-2']);
  expect(found?.transactions[1]).toEqual({
    ...{ id: 'cafe', date: '2025-02-01', amount: -4_50, payee: 'Café Müller', accountName: 'Checking' },
  });
});

it('are counted beyond what is shown, and shown in one line', async () => {
  const found = await find('', 1);

  expect(found?.count).toBe(4);
  expect(found?.transactions).toHaveLength(1);
  expect(found?.transactions[0]?.payee).toMatch(/^Shop x{194}…$/);
});

it.each([
  ['payee, whatever its case and accents', 'CAFE MULLER', ['cafe']],
  ['notes', 'anna', ['cafe']],
  ['account', 'savings', ['interest']],
  ['amount', '23.45', ['lidl-2']],
  ['nothing', 'no such thing', []],
  ['nothing that is meant as a pattern', '%', []],
])('are found by %s', async (_what, search, ids) => {
  const found = await find(search);

  expect(found?.transactions.map(({ id }) => id)).toEqual(ids);
  expect(found?.count).toBe(ids.length);
});
