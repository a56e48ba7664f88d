import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startJob } from '../support/jobs-api.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { launchBrowser, PageUnderTest } from './page-under-test.js';

const newFolder = tempFolders();
let browser: Browser;
let server: ServerProcess;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ dataDir: newFolder() }), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('runs a query and a subscription, and asks nobody but the server', async () => {
  const opened = await PageUnderTest.open(browser, `${server.url}/playground`);
  const { page } = opened;
  const run = async (operation: string) => {
    // It has a menu to expand only once the editor is loaded and knows the operations; until then a click is lost.
    await page.getByRole('button', { name: /^Execute/, expanded: false }).click();
    await page.getByRole('menuitem', { name: operation }).click();
  };
  const answer = page.getByRole('region', { name: 'Result Window' });
  await run('LatestJobs');
  await answer.getByText('"totalCount"').waitFor();

  const subscribed = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framesent', ({ payload }) => String(payload).includes('"subscribe"')),
    );
  await run('Updates');
  await subscribed;
  const api = new ApiClient(server.url);
  await startJob(api, { type: 'SYNC' });
  await answer.getByText('"SUCCEEDED"').first().waitFor();
  await api.close();

  expect(opened.complaints).toEqual([]);
  await opened.close();
});
