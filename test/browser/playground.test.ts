import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { launchChromium } from '../support/chromium.mjs';
import { startJob } from '../support/jobs-api.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

const examples = [
  'Sync',
  'Suggest',
  'SyncAndSuggest',
  'Updates',
  'Jobs',
  'OneJob',
  'Self',
  'Cancel',
  'Retry',
  'Uncategorized',
];
const newFolder = tempFolders();
let browser: Browser;
let server: ServerProcess;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ dataDir: newFolder() }), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('has an example of each operation in a tab, runs a query and a subscription, and asks nobody but the server', async () => {
  const opened = await PageUnderTest.open(browser, `${server.url}/playground`);
  const { page } = opened;
  const openTab = (example: string) => page.getByRole('tab', { name: example, exact: true }).click();
  const run = () => page.getByRole('button', { name: /^Execute/ }).click();
  const isAsked = (body: string | null) => body !== null && !body.includes('IntrospectionQuery');
  const answer = page.getByRole('region', { name: 'Result Window' });
  await expect.poll(() => page.getByRole('tab').allInnerTexts()).toEqual(examples);
  const editor = page.locator('.graphiql-query-editor');
  // A tab that is opened before the editor is there keeps the text of the first one.
  await editor.getByText('startJob').waitFor();
  await openTab('Jobs');
  await editor.getByText('totalCount').waitFor();
  // Just after that GraphiQL still names the operation of the tab before, and is refused.
  for (let status = 400; status === 400;) {
    const response = page.waitForResponse((each) => isAsked(each.request().postData()));
    await run();
    status = (await response).status();
  }
  await answer.getByText('"totalCount"').waitFor();

  const subscribed = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framesent', ({ payload }) => String(payload).includes('"subscribe"')),
    )
    .then(() => 'SUBSCRIBED' as const);
  const refused = () => page.waitForResponse('**/graphql').then(() => 'REFUSED' as const);
  await openTab('Updates');
  // As above.
  for (let outcome: 'SUBSCRIBED' | 'REFUSED' = 'REFUSED'; outcome === 'REFUSED';) {
    const next = Promise.race([subscribed, refused()]);
    await run();
    outcome = await next;
  }
  const api = new ApiClient(server.url);
  await startJob(api, { type: 'SYNC' });
  await answer.getByText('"SUCCEEDED"').first().waitFor();
  await api.close();

  // The browser itself tells of each refusal.
  expect(opened.complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  await opened.close();
});
