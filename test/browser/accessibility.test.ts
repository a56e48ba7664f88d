import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { axeFindings } from './axe-findings.js';
import { PageUnderTest } from './page-under-test.js';

/** What axe finds, in each state of the page and in both themes. */

const newFolder = tempFolders();
/** Nobody listens there. */
const unreachable = {
  ACTUAL_SERVER_URL: 'http://127.0.0.1:1',
  ACTUAL_PASSWORD: 'x',
  ACTUAL_SYNC_ID: 'household',
};

let browser: Browser;
let server: ServerProcess;
let page: PageUnderTest;
/** What the browser itself tells of, where the server is away or refuses. */
let expected: RegExp | undefined;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser.close());

afterEach(async () => {
  await close();
  expected = undefined;
  await server.stop();
});

async function open(env: Readonly<Record<string, string>>): Promise<void> {
  server = await startServer({ dataDir: newFolder(), env });
  page = await PageUnderTest.open(browser, server.url);
}

async function close(): Promise<void> {
  expect(page.complaints.filter((text) => !expected?.test(text))).toEqual([]);
  await page.close();
}

const findings = () => axeFindings(page.page);

it('finds nothing where nothing was started, where jobs are listed, and where one with suggestions is open', async () => {
  await open({});
  await page.page.getByText('Nothing has been started yet.').waitFor();
  expect(await findings()).toEqual([]);
  await page.button('Sync and generate').click();
  await page.waitForNewest('Sync and Generate', 'Succeeded');
  expect(await findings()).toEqual([]);
  await page.newestRow.click();
  await page.suggestions.first().waitFor();
  await page.details.getByText('The job succeeded.').waitFor();
  expect(await findings()).toEqual([]);
  await page.page.setViewportSize({ width: 360, height: 740 });
  expect(await findings()).toEqual([]);
});

it('finds nothing where a job waits for its next attempt, and where one has failed', async () => {
  await open({ ...unreachable, MAX_STEP_ATTEMPTS: '2', RETRY_BASE_MS: '60000' });
  await page.button('Sync').click();
  await page.newestRow.click();
  await page.details.getByText('It will be tried again at').waitFor();
  expect(await findings()).toEqual([]);
  expected = /ERR_CONNECTION_REFUSED/;
  await server.stop();
  await page.waitUntil('Reconnecting…');
  await page.page.getByText(/^As of /).waitFor();
  expect(await findings()).toEqual([]);
  await close();
  expected = undefined;

  server = await startServer({ dataDir: newFolder(), env: { ...unreachable, MAX_STEP_ATTEMPTS: '1' } });
  page = await PageUnderTest.open(browser, server.url);
  await page.button('Sync and generate').click();
  await page.newestRow.click();
  await page.button('Retry').waitFor();
  expect(await findings()).toEqual([]);
});

it('finds nothing where one has to sign in', async () => {
  expected = /status of 401/;
  await open({ AUTH_JWT_SECRET: 'a'.repeat(32) });
  await page.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await findings()).toEqual([]);
});
