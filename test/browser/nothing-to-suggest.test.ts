import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openHousehold, type Household } from '../support/household.js';
import { PageUnderTest } from './page-under-test.js';

let browser: Browser;
let household: Household;

beforeAll(async () => {
  [household, browser] = await Promise.all([openHousehold(), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await household.close();
});

it('says that nothing needs to be done where every transaction has its category', async () => {
  const { device, server } = household;
  const uncategorised = (await device.transactions()).filter(({ category }) => category === null);
  await device.deleteTransactions(uncategorised.map(({ id }) => id));
  await device.sync();
  const page = await PageUnderTest.open(browser, server.url);

  await page.button('Sync and generate').click();
  await page.newestRow.click();
  await page.waitForNewest('Sync and Generate', 'Failed');

  await page.details.getByText('There was no transaction to suggest a category for.').first().waitFor();
  await page.details.getByText('What to do: Nothing needs to be done').waitFor();
  const steps = page.details.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  expect(await steps.allInnerTexts()).toEqual([
    expect.stringMatching(/^Sync\s+Succeeded/),
    expect.stringMatching(/^Suggestions Generation\s+Failed/),
  ]);
  await page.details.getByRole('region', { name: 'Suggestions' }).getByText('None.').waitFor();
  expect(page.complaints).toEqual([]);
  await page.close();
});
