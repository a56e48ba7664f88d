import { afterEach, expect, it } from 'vitest';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfEachTest } from './server-of-each-test.js';

/** The page in front of a real server whose Actual server cannot be reached, so that a sync cannot succeed. */

/** Nobody listens there. */
const unreachable = { ACTUAL_SERVER_URL: 'http://127.0.0.1:1', ACTUAL_PASSWORD: 'x' };
const household = '11111111-1111-4111-8111-111111111111';
const business = '22222222-2222-4222-8222-222222222222';

const own = serverOfEachTest();
let page: PageUnderTest;

async function open(env: Readonly<Record<string, string>>): Promise<void> {
  page = await own.open({ env: { ...unreachable, ACTUAL_SYNC_ID: household, ...env } });
  await page.waitUntil('Live');
}

afterEach(() => {
  expect(page.complaints).toEqual([]);
});

it('says what to do first where nothing has been started', async () => {
  await open({});
  await page.page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  await page.page.getByText('Nothing has been started yet. Press “Sync”').waitFor();
  expect(await page.rows.count()).toBe(0);
  const names = page.table.locator('thead');
  // Who listens hears them; who looks sees no empty table.
  expect(await names.getByRole('columnheader').count()).toBe(7);
  expect((await names.boundingBox())?.height).toBe(1);
  await page.button('Sync').click();
  await page.newestRow.waitFor();
  expect((await names.boundingBox())?.height).toBeGreaterThan(20);
});

it('says why a job failed and what to do, and starts it again', async () => {
  await open({ MAX_STEP_ATTEMPTS: '1' });
  await page.button('Sync and generate').click();
  await page.waitForNewest('Sync and Generate', 'Failed');
  await page.newestRow.click();
  const { details } = page;
  await details.getByText('What to do:').waitFor();
  expect(await details.getByText('ACTUAL_UNREACHABLE').count()).toBe(1);
  expect(await page.page.title()).toBe('Failed · Actual Jobs');
  expect(await page.newestRow.innerText()).toContain('could not be reached');
  await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.button('Copy the code').click();
  await page.button('Copied').waitFor();
  expect(await page.page.evaluate(() => navigator.clipboard.readText())).toBe('ACTUAL_UNREACHABLE');
  const steps = details.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  expect(await steps.nth(0).innerText()).toMatch(/^Sync\s+Failed/);
  expect(await steps.nth(1).innerText()).toMatch(/^Suggestions Generation\s+Skipped/);

  await page.button('Retry').click();
  await expect.poll(() => page.rows.count()).toBe(2);
  await details.getByText('It goes on from an earlier job.').waitFor();
  await page.waitForNewest('Sync and Generate', 'Failed');
});

it('shows when a step will be tried again, and cancels it', async () => {
  await open({ RETRY_BASE_MS: '60000' });
  await page.button('Sync').click();
  await page.newestRow.click();
  await page.details.getByText('It will be tried again at').waitFor();
  await page.details.getByText(/\(in (\d+ s|1 min 0 s)\)\.$/).waitFor();
  expect(await page.page.title()).toBe('1 running · Actual Jobs');
  await page.waitForNewest('Sync', 'Running');
  await page.button('Cancel').click();
  await page.waitForNewest('Sync', 'Canceled');
  await page.button('Retry').waitFor();
});

it('has what has not ended on top, however many ended after it', async () => {
  await open({ ACTUAL_SYNC_ID: `${household},${business}`, MAX_STEP_ATTEMPTS: '2', RETRY_BASE_MS: '60000' });
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await page.page.getByLabel('Budget').selectOption(business);
  await page.button('Generate suggestions').click();
  await page.waitForNewest('Suggestions Generation', 'Running');
  await page.newestRow.click();
  await page.button('Cancel').click();
  await page.waitForNewest('Sync', 'Running');
  expect(await page.rows.nth(1).innerText()).toContain('Canceled');
});

it('opens the job that is active already instead of starting another, and says so', async () => {
  await open({ RETRY_BASE_MS: '60000' });
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await page.button('Sync').click();
  await page.page.getByText('Nothing new was started: the same job was already running').waitFor();
  await page.details.getByText('The job was queued.').waitFor();
  expect(await page.rows.count()).toBe(1);

  await page.button('Run again afterwards').click();
  await expect.poll(() => page.rows.count()).toBe(2);
  expect(await page.rows.locator('.status').allInnerTexts()).toEqual(['Running', 'Queued']);
});

it('says in the words of the server why nothing was started', async () => {
  await open({ RETRY_BASE_MS: '60000', MAX_ACTIVE_JOBS: '1' });
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await page.button('Generate suggestions').click();
  const alert = page.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/\b1 (active )?job/);
  expect(await page.rows.count()).toBe(1);
});

it('lets a budget be chosen where there are several', async () => {
  await open({ ACTUAL_SYNC_ID: `${household},${business}`, RETRY_BASE_MS: '60000' });
  const choice = page.page.getByLabel('Budget');
  await expect.poll(() => choice.getByRole('option').count()).toBe(2);
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await choice.selectOption(business);
  await page.button('Sync').click();
  await expect.poll(() => page.rows.count()).toBe(2);
  await page.newestRow.getByRole('cell', { name: 'Budget 22222222', exact: true }).waitFor();
});
