import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { launchChromium } from '../support/chromium.mjs';
import { startJob, watchToEnd } from '../support/jobs-api.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

const newFolder = tempFolders();
let browser: Browser;
let server: ServerProcess;
let page: PageUnderTest;
let jobId: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ dataDir: newFolder() }), launchChromium()]);
  const api = new ApiClient(server.url);
  ({ id: jobId } = (await startJob(api, { type: 'SYNC' })).job);
  await watchToEnd(api, jobId);
  await api.close();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  page = await PageUnderTest.open(browser, server.url);
  await page.newestRow.waitFor();
});

afterEach(async () => {
  expect(page.complaints).toEqual([]);
  await page.close();
});

it('shows the opened job again after a reload, and nothing else after it was closed', async () => {
  await page.newestRow.click();
  await page.details.getByText('The job succeeded.').waitFor();
  await page.page.reload();
  await page.details.getByText('The job succeeded.').waitFor();
  await page.button('Close').click();
  await page.page.reload();
  await page.newestRow.waitFor();
  expect(await page.details.count()).toBe(0);
});

it('opens a job by its address', async () => {
  await page.page.goto(`${server.url}/?job=${jobId}`);
  await page.details.getByText('The job succeeded.').waitFor();
});

it('closes and opens a job as one goes back and forward', async () => {
  await page.newestRow.click();
  await page.details.waitFor();
  await page.page.goBack();
  await page.details.waitFor({ state: 'hidden' });
  await page.page.goForward();
  await page.details.getByText('The job succeeded.').waitFor();
});

it.each(['nonsense', '00000000-0000-4000-8000-000000000000', '%22%3Cb%3E'])(
  'says that there is no job with the id %s, and works on',
  async (id) => {
    await page.page.goto(`${server.url}/?job=${id}`);
    await page.details.getByText('There is no such job').waitFor();
    await page.newestRow.click();
    await page.details.getByText('The job succeeded.').waitFor();
  },
);

it('works by the number of the loopback address as by its name', async () => {
  const other = await PageUnderTest.open(browser, server.url.replace('localhost', '127.0.0.1'));
  await other.newestRow.click();
  await other.details.getByText('The job succeeded.').waitFor();
  const before = await other.rows.count();
  await other.button('Sync').click();
  await expect.poll(() => other.rows.count()).toBe(before + 1);
  await other.waitForNewest('Sync', 'Succeeded');
  expect(other.complaints).toEqual([]);
  await other.close();
});

it('shows in each tab what was started in another', async () => {
  const other = await PageUnderTest.open(browser, server.url);
  await other.waitUntil('Live');
  const before = await other.rows.count();
  await page.button('Sync').click();
  await expect.poll(() => other.rows.count()).toBe(before + 1);
  await other.waitForNewest('Sync', 'Succeeded');
  expect(await other.shownJobs()).toEqual(await page.shownJobs());
  expect(other.complaints).toEqual([]);
  await other.close();
});
