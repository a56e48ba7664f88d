import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tokenOf, tokenSecret } from '../support/signed-token.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

const newFolder = tempFolders();
let browser: Browser;
let server: ServerProcess;
let page: PageUnderTest;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startServer({ dataDir: newFolder(), env: { AUTH_JWT_SECRET: tokenSecret } }),
    launchChromium(),
  ]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  page = await PageUnderTest.open(browser, server.url);
});

afterEach(async () => {
  // The browser itself tells of each refusal.
  expect(page.complaints.filter((text) => !text.includes('status of 401'))).toEqual([]);
  await page.close();
});

async function signInAs(subject: string, expires?: string | Date): Promise<void> {
  await page.page.getByLabel('Token').fill(await tokenOf(subject, expires));
  await page.button('Sign in').click();
}

it('asks for a token before it shows anything, and says what is wrong with one', async () => {
  await page.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.page.getByText('Paste the token').waitFor();
  await page.waitUntil('Offline');
  expect(await page.table.count()).toBe(0);
  expect(await page.button('Sync').count()).toBe(0);

  await page.page.getByLabel('Token').fill('nonsense');
  await page.button('Sign in').click();

  await page.page.getByRole('alert').getByText('This token is not valid here').waitFor();
});

it('shows the jobs of whoever has signed in, after a reload as well, until they sign out', async () => {
  await signInAs('alice');
  await page.waitUntil('Live');
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Succeeded');
  await page.page.getByText('Signed in as alice').waitFor();
  await page.page.reload();
  await page.waitForNewest('Sync', 'Succeeded');

  await page.button('Sign out').click();
  await page.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.table.count()).toBe(0);

  await signInAs('bob');
  await page.waitUntil('Live');
  await page.page.getByText('Signed in as bob').waitFor();
  expect(await page.rows.count()).toBe(0);
});

it('asks for another token when one has expired', async () => {
  await signInAs('alice', new Date(Date.now() + 3_000));
  await page.waitUntil('Live');

  await page.page.getByRole('alert').getByText('This token has expired').waitFor();
  await signInAs('alice');

  await page.waitUntil('Live');
  await page.newestRow.waitFor();
});

it('keeps the token where no page of another site can read it', async () => {
  await signInAs('alice');
  await page.waitUntil('Live');

  expect(await page.page.context().cookies()).toEqual([]);
  expect(page.page.url()).toBe(`${server.url}/`);
  expect(await page.page.content()).not.toContain(
    await page.page.evaluate(() => localStorage.getItem('actual-jobs-token')),
  );
});

it('is the user of the playground, too', async () => {
  await signInAs('alice');
  await page.waitUntil('Live');
  await page.page.goto(`${server.url}/playground`);
  const answer = page.page.getByRole('region', { name: 'Result Window' });

  await page.page.getByText('startJob').first().waitFor();
  await page.page.getByRole('button', { name: /^Execute/ }).click();
  await answer.getByText('"created": true').waitFor();
});
