import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { startPrefixProxy, type PrefixProxy } from '../support/prefix-proxy.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

/** Behind a proxy that serves it under a path of its own. */

const newFolder = tempFolders();
let browser: Browser;
let server: ServerProcess;
let proxy: PrefixProxy;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ dataDir: newFolder() }), launchChromium()]);
  proxy = await startPrefixProxy(server.url, '/money/jobs/');
});

afterAll(async () => {
  await browser.close();
  await proxy.close();
  await server.stop();
});

it('starts a job, shows it live and opens it', async () => {
  const page = await PageUnderTest.open(browser, proxy.url);
  await page.waitUntil('Live');
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Succeeded');
  await page.newestRow.click();
  await page.details.getByText('The job succeeded.').waitFor();
  expect(new URL(page.page.url()).pathname).toBe('/money/jobs/');
  expect(page.complaints).toEqual([]);
  await page.close();
});

it('has its playground beside it', async () => {
  const page = await PageUnderTest.open(browser, proxy.url);
  await page.page.getByRole('link', { name: 'GraphQL playground' }).click();
  await page.page.getByRole('button', { name: /^Execute query/ }).waitFor();
  expect(new URL(page.page.url()).pathname).toBe('/money/jobs/playground');
  expect(page.complaints).toEqual([]);
  await page.close();
});
