import type { Locator } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfEachTest } from './server-of-each-test.js';

/** All that can be done on the page, without a mouse. */

const own = serverOfEachTest();
let page: PageUnderTest;

afterEach(() => {
  expect(page.complaints).toEqual([]);
});

async function open(env: Readonly<Record<string, string>>): Promise<void> {
  page = await own.open({ env });
  await page.waitUntil('Live');
}

/** Goes on with Tab, or back, until the focus is there, and sees that it shows. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor();
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await isFocused()); presses++) {
    expect(presses, `Tabs until ${String(target)}`).toBeLessThan(200);
    await page.page.keyboard.press(key);
  }
  const outline = await target.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return { isVisible: element.matches(':focus-visible'), outlineStyle, outlineWidth };
  });
  expect(outline).toEqual({ isVisible: true, outlineStyle: 'solid', outlineWidth: '2px' });
}

async function press(target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(target);
  await page.page.keyboard.press(key);
}

const newestOpener = () => page.newestRow.getByRole('button');
const isFocused = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** By its first letters, as a select that has the focus takes them. */
async function choose(label: string, text: string): Promise<void> {
  await tabTo(page.page.getByLabel(label));
  await page.page.keyboard.type(text);
}

it('starts each type of job, watches it to its end, reads it and goes back', async () => {
  await open({});
  for (const [button, type] of [
    ['Sync', 'Sync'],
    ['Generate suggestions', 'Suggestions Generation'],
    ['Sync and generate', 'Sync and Generate'],
  ] as const) {
    await press(page.button(button));
    await page.waitForNewest(type, 'Succeeded');
    await press(newestOpener(), 'Space');
    await page.details.getByText('The job succeeded.').waitFor();
    expect(await isFocused(page.details.getByRole('heading', { name: 'Job details' }))).toBe(true);
    await page.page.keyboard.press('Escape');
    await page.details.waitFor({ state: 'hidden' });
    expect(await isFocused(newestOpener())).toBe(true);
  }

  await press(newestOpener());
  await page.suggestions.first().waitFor();
  const doubtful = page.page.getByRole('checkbox', { name: 'Not sure first' });
  await press(doubtful, 'Space');
  expect(await doubtful.isChecked()).toBe(true);
  await tabTo(page.button('Export as CSV'));
  const [download] = await Promise.all([
    page.page.waitForEvent('download'),
    page.page.keyboard.press('Enter'),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  await press(page.details.locator('summary').filter({ hasText: 'History' }));
  await page.details.getByText('The job succeeded.').waitFor({ state: 'hidden' });
  // Whatever keys the browser has for that.
  await page.page.goBack();
  await page.details.waitFor({ state: 'hidden' });

  await choose('Type', 'Suggestions');
  await expect.poll(() => page.rows.count()).toBe(1);
  await choose('Status', 'Failed');
  await press(page.button('Show all'));
  await expect.poll(() => page.rows.count()).toBe(3);
  // Some hundred keys, each of which the browser is asked about.
}, 120_000);

it('cancels, starts again, copies what failed and goes to the earlier job', async () => {
  // Nobody listens there.
  const unreachable = {
    ACTUAL_SERVER_URL: 'http://127.0.0.1:1',
    ACTUAL_PASSWORD: 'x',
    ACTUAL_SYNC_ID: 'budget',
  };
  await open({ ...unreachable, MAX_STEP_ATTEMPTS: '2', RETRY_BASE_MS: '5000' });
  await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await press(page.button('Sync'));
  await page.waitForNewest('Sync', 'Running');
  await press(page.button('Sync'));
  // The second press opens it.
  await page.details.getByText('The job was queued.').waitFor();
  await tabTo(page.button('Run again afterwards'), 'Shift+Tab');
  await press(page.details.getByRole('button', { name: 'Cancel', exact: true }));
  await press(page.details.getByRole('button', { name: 'Retry', exact: true }));
  await page.details.getByText('It goes on from an earlier job.').waitFor();
  await press(page.details.getByRole('button', { name: 'Copy the code' }));
  await page.button('Copied').waitFor();
  expect(await page.page.evaluate(() => navigator.clipboard.readText())).toBe('ACTUAL_UNREACHABLE');
  await press(page.button('Show the earlier one'));
  await page.details.getByText('The job was canceled.').waitFor();
  await press(page.button('Close'));
  await page.details.waitFor({ state: 'hidden' });
});
