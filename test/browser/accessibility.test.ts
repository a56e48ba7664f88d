import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { launchBrowser, PageUnderTest } from './page-under-test.js';

/** What axe finds, in each state of the page and in both themes. */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
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
  browser = await launchBrowser();
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

async function findings(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.page.evaluate(axe);
    const { violations, passes } = await page.page.evaluate(
      (options) =>
        (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run(
          options,
        ),
      {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      } satisfies RunOptions,
    );
    expect(passes.length).toBeGreaterThan(10);
    found.push(
      ...violations.map(
        ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`,
      ),
    );
  }
  return found;
}

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
