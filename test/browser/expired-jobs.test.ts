import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { launchChromium } from '../support/chromium.mjs';
import { listJobs } from '../support/jobs-api.js';
import { recordPastJobs } from '../support/past-jobs.mjs';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';
import { budgetId, startServerOfPastJobs } from './server-of-past-jobs.js';

const newFolder = tempFolders();
const atEnd: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of atEnd.splice(0).reverse()) await end();
});

it('takes jobs out of the list that expired while the connection was lost', async () => {
  const dataDir = newFolder();
  const recent = new Date().toISOString();
  await recordPastJobs(
    dataDir,
    ['2026-03-01T10:00:00.000Z', '2026-03-02T10:00:00.000Z', recent].map((createdAt) => ({
      budgetId,
      createdAt,
    })),
  );
  let server = await startServerOfPastJobs(dataDir);
  atEnd.push(() => server.stop());
  const browser = await launchChromium();
  atEnd.push(() => browser.close());
  const page = await PageUnderTest.open(browser, server.url);
  await page.waitUntil('Live');
  await expect.poll(() => page.rows.count()).toBe(3);
  const { port } = new URL(server.url);
  await server.stop();
  await page.waitUntil('Reconnecting…');

  // Where the page does not find it, so that all is gone by the time that it does.
  server = await startServerOfPastJobs(dataDir, { RETENTION_DAYS: '30', RETENTION_INTERVAL_MS: '100' });
  const api = new ApiClient(server.url);
  await expect.poll(async () => (await listJobs(api)).length).toBe(1);
  await api.close();
  await server.stop();
  server = await startServerOfPastJobs(dataDir, { PORT: port });
  await page.waitUntil('Live');
  await expect.poll(() => page.rows.count()).toBe(1);
  expect(await page.newestRow.locator('time').first().getAttribute('datetime')).toBe(recent);
});
