import { cpSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { listJobs } from '../support/jobs-api.js';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfEachTest } from './server-of-each-test.js';

const own = serverOfEachTest();
const { newFolder, startAgain } = own;
let dataDir: string;
let page: PageUnderTest;

beforeEach(async () => {
  dataDir = newFolder();
  page = await own.open({ dataDir });
  await page.waitUntil('Live');
});

it('says that it reconnects while the server is away, and is right again when it is back', async () => {
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Succeeded');
  await page.button('Sync and generate').click();
  await expect.poll(() => page.rows.count()).toBe(2);
  await own.server.stop('SIGKILL');
  await page.waitUntil('Reconnecting…');
  await page.button('Sync').click();
  await page.page.getByRole('alert').getByText('The server could not be reached.').waitFor();

  await startAgain(dataDir);
  await page.waitUntil('Live');
  await expect.poll(() => page.page.getByRole('alert').count()).toBe(0);
  await page.waitForNewest('Sync and Generate', 'Succeeded');
  const other = await own.openAnother();
  await expect.poll(() => other.rows.count()).toBe(2);
  expect(await page.rows.allInnerTexts()).toEqual(await other.rows.allInnerTexts());
  await other.close();
});

it('goes on with the updates from the greatest position that it has seen', async () => {
  const asked: string[] = [];
  page.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const after = /"after":"([^"]*)"/.exec(String(payload))?.[1];
      if (after !== undefined) asked.push(after);
    }),
  );
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Succeeded');
  const api = new ApiClient(own.server.url);
  const [job] = await listJobs(api);
  await api.close();
  await own.server.stop('SIGKILL');
  await page.waitUntil('Reconnecting…');
  await startAgain(dataDir);
  await page.waitUntil('Live');
  expect(asked).toEqual([job?.position]);
});

it('keeps an opened job up to date over a restart', async () => {
  await page.button('Sync and generate').click();
  await page.newestRow.click();
  await page.details.getByText('The job was queued.').waitFor();
  await own.server.stop('SIGKILL');
  await page.waitUntil('Reconnecting…');
  await page.details.getByText('The job was queued.').waitFor();
  await startAgain(dataDir);
  await page.details.getByText('The job succeeded.').waitFor();
  await page.suggestions.first().waitFor();
});

it('begins anew in front of a server that has lost its data', async () => {
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Succeeded');
  await page.newestRow.click();
  await own.server.stop();
  await startAgain(newFolder());
  await page.page.getByText('Nothing has been started yet.').waitFor();
  await page.details.getByText('There is no such job, or it is no longer kept.').waitFor();
  await page.button('Generate suggestions').click();
  await page.waitForNewest('Suggestions Generation', 'Succeeded');
});

it('shows an older state again where the server was set back to a copy of its data', async () => {
  const [original, copy] = [newFolder(), newFolder()];
  // Nobody listens there, so that the job runs for as long as nobody cancels it.
  const env = {
    ACTUAL_SERVER_URL: 'http://127.0.0.1:1',
    ACTUAL_PASSWORD: 'x',
    ACTUAL_SYNC_ID: '11111111-1111-4111-8111-111111111111',
    RETRY_BASE_MS: '60000',
  };
  await own.server.stop();
  await startAgain(original, env);
  await page.waitUntil('Live');
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await own.server.stop();
  cpSync(original, copy, { recursive: true });
  await startAgain(original, env);
  await page.waitUntil('Live');
  await page.newestRow.click();
  await page.button('Cancel').click();
  await page.waitForNewest('Sync', 'Canceled');
  await page.button('Close').click();

  await own.server.stop();
  await startAgain(copy, env);
  await page.waitForNewest('Sync', 'Running');
  await page.waitUntil('Live');
});

it('notices a server that no longer answers on a connection that is still open', async () => {
  process.kill(own.server.pid, 'SIGSTOP');
  await page.waitUntil('Reconnecting…');
  process.kill(own.server.pid, 'SIGCONT');
  await page.waitUntil('Live');
});

it('says that it is offline where the browser is', async () => {
  const context = page.page.context();
  await context.setOffline(true);
  await page.waitUntil('Offline');
  await context.setOffline(false);
  await page.waitUntil('Live');
});
