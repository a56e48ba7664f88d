import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startJob, watchToEnd } from '../support/jobs-api.js';
import { axeFindings } from './axe-findings.js';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfAllTests } from './server-of-all-tests.js';

/** Choosing transactions, before the real server and its demo. */

const server = serverOfAllTests();
let page: PageUnderTest;

beforeEach(async () => {
  page = await server.open();
});

const opener = () => page.button('Choose transactions…');
const chooser = () => page.page.getByRole('region', { name: 'Transactions without a category' });
const lines = () =>
  chooser()
    .getByRole('row')
    .filter({ has: page.page.getByRole('cell') });
const search = () => chooser().getByRole('searchbox', { name: 'Search' });
const suggest = (transactions: string) =>
  chooser().getByRole('button', { name: `Suggest for ${transactions}` });
const requested = () =>
  page.details.getByRole('list', { name: 'Steps' }).getByRole('listitem').first().innerText();

describe('whoever chooses transactions', () => {
  it('is told what to do before the first sync, and finds them after it', async () => {
    await opener().click();
    await chooser().getByText('the budget was not synced yet').waitFor();
    expect(await suggest('those chosen').getAttribute('aria-disabled')).toBe('true');

    await page.button('Sync').click();

    await chooser()
      .getByText(/^\d+ transactions, as of the last sync\.$/)
      .waitFor();
    expect(await lines().count()).toBeGreaterThan(5);
  });
});

describe('whoever chooses transactions of a budget that was synced', () => {
  beforeAll(async () => {
    const api = new ApiClient(server.url);
    await watchToEnd(api, (await startJob(api, { type: 'SYNC' })).job.id);
    await api.close();
  });

  it('gets suggestions for those alone, however they were searched for', async () => {
    await opener().click();
    await lines().first().waitFor();
    const payees = await lines().locator('label').allInnerTexts();
    const [first = '', other = payees.find((payee) => payee !== first) ?? ''] = [payees[0]];
    for (const payee of [first, other]) {
      await search().fill(payee.toUpperCase());
      await expect.poll(() => lines().count()).toBeLessThan(payees.length);
      await lines().filter({ hasText: payee }).first().getByRole('checkbox').check();
      await search().fill('');
      await expect.poll(() => lines().count()).toBe(payees.length);
    }
    await suggest('2 transactions').click();

    await page.waitForNewest('Suggestions Generation', 'Succeeded');
    await expect.poll(() => chooser().count()).toBe(0);
    await page.newestRow.click();
    await expect.poll(requested).toMatch(/of 2 /);
  });

  it('can do so with the keyboard alone, and all that are shown at once', async () => {
    const { keyboard } = page.page;
    await opener().focus();
    await keyboard.press('Enter');
    await lines().first().waitFor();
    await keyboard.press('Tab');
    expect(await search().evaluate((element) => element === document.activeElement)).toBe(true);
    const shown = await lines().count();
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await suggest(`${shown} transactions`).waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await suggest(`${shown - 1} transactions`).waitFor();
  });

  it('finds nothing where there is nothing to find', async () => {
    await opener().click();
    await search().fill('no such thing');

    await chooser().getByText('0 transactions found').waitFor();
    await expect.poll(() => lines().count()).toBe(0);
  });

  it('has no trouble with a screen reader, or on a screen of 360 pixels', async () => {
    await opener().click();
    await lines().first().getByRole('checkbox').check();

    expect(await axeFindings(page.page)).toEqual([]);
    await page.page.setViewportSize({ width: 360, height: 740 });
    expect(await page.sidewaysScroll()).toBe(0);
  });
});
