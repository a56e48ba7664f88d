import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { launchChromium } from '../support/chromium.mjs';
import { startJob } from '../support/jobs-api.js';
import { recordPastJobs } from '../support/past-jobs.mjs';
import type { ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';
import { budgetId, startServerOfPastJobs } from './server-of-past-jobs.js';

/** A thousand jobs are started by others while somebody uses the page. */

const newFolder = tempFolders();
const arriving = 1_000;
const rounds = 10;
const clients = 10;
const past = 5;
/** How often one round of use changes the list, at most: two filters, each emptied, loaded and told what is new meanwhile. */
const changesOfUse = 6;

let browser: Browser;
let server: ServerProcess;
let page: PageUnderTest;

beforeAll(async () => {
  const dataDir = newFolder();
  await recordPastJobs(
    dataDir,
    Array.from({ length: past }, (_, n) => ({ budgetId, createdAt: `2026-01-0${n + 1}T10:00:00.000Z` })),
  );
  [server, browser] = await Promise.all([
    startServerOfPastJobs(dataDir, { MAX_ACTIVE_JOBS: String(2 * arriving) }),
    launchChromium(),
  ]);
  page = await PageUnderTest.open(browser, server.url);
  await page.waitUntil('Live');
  await page.rows.nth(past - 1).waitFor();
});

afterAll(async () => {
  await page.close();
  await browser.close();
  await server.stop();
});

/**
 * Keeps back what the server says of jobs from when `isHeld` is set until `letGo` is called: all of it comes then, each by itself, with
 * nothing in between.
 */
function holdBackUpdates(): void {
  const held: (() => void)[] = [];
  const ofPage = { isHeld: false, held, letGo: () => held.splice(0).forEach((handOn) => setTimeout(handOn)) };
  Object.assign(globalThis, { ofPage });
  globalThis.WebSocket = class extends WebSocket {
    override set onmessage(listener: (event: MessageEvent) => void) {
      super.onmessage = (event: MessageEvent) => {
        if (ofPage.isHeld && String(event.data).includes('"jobUpdated"')) held.push(() => listener(event));
        else listener(event);
      };
    }
  };
}

/** Counts how often the list changes, and notes the tasks that take so long that they can be felt. */
function watchThePage(): Promise<void> {
  return page.page.evaluate(() => {
    const seen = { changes: 0, longTasks: [] as number[], from: performance.now() };
    Object.assign(globalThis, { seen });
    const rows = document.querySelector('tbody');
    if (rows) new MutationObserver(() => (seen.changes += 1)).observe(rows, { childList: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longTasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
  });
}

function whatWasSeen() {
  return page.page.evaluate(() => {
    const { seen } = globalThis as unknown as {
      seen: { changes: number; longTasks: number[]; from: number };
    };
    return { ...seen, tookMs: performance.now() - seen.from };
  });
}

/** Each for other transactions: the same job would not be started twice. They wait for one that never ends. */
async function startJobs(api: ApiClient, round: number): Promise<void> {
  const names = [...Array(arriving / rounds).keys()].map((n) => `transaction-${round}-${n}`).values();
  const startThoseLeft = async () => {
    for (const name of names)
      await startJob(api, { type: 'SUGGESTIONS_GENERATION', batch: { transactionIds: [name] } });
  };
  await Promise.all(Array.from({ length: clients }, startThoseLeft));
}

/** With the keyboard and the mouse; each has to work before the next. */
async function useThePage(): Promise<void> {
  const status = page.page.getByLabel('Status');
  await status.focus();
  await page.page.keyboard.type('Succeeded');
  await expect.poll(() => page.rows.count()).toBe(past);
  await page.rows.nth(1).click();
  await page.details.getByText('The job succeeded.').waitFor();
  await page.page.keyboard.press('Escape');
  await page.details.waitFor({ state: 'detached' });
  await status.focus();
  await page.page.keyboard.type('All');
  await page.waitForNewest('Sync', 'Running');
  await page.newestRow.click();
  await page.details.getByText('It will be tried again at').waitFor();
  await page.button('Close').click();
  await page.details.waitFor({ state: 'detached' });
}

it('does what they want meanwhile, draws no update twice, and has all jobs in the end', async () => {
  const api = new ApiClient(server.url);
  await startJob(api, { type: 'SYNC' });
  await page.waitForNewest('Sync', 'Running');
  let updates = 0;
  await page.page.addInitScript(holdBackUpdates);
  page.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"jobUpdated"')) updates += 1;
    }),
  );
  await page.page.reload();
  await page.waitUntil('Live');
  await page.waitForNewest('Sync', 'Running');
  await watchThePage();
  for (let round = 0; round < rounds; round++) await Promise.all([startJobs(api, round), useThePage()]);
  await expect.poll(() => page.table.getAttribute('aria-rowcount')).toBe(String(arriving + 2));
  const { changes, longTasks, tookMs } = await whatWasSeen();
  console.info(
    `${changes} changes of the list for ${updates} updates in ${Math.round(tookMs)} ms; ${longTasks.length} long tasks, the longest ${Math.max(0, ...longTasks)} ms.`,
  );
  expect(changes).toBeLessThanOrEqual(updates + rounds * changesOfUse);

  await page.page.getByLabel('Status').selectOption('Queued');
  await expect.poll(() => page.table.getAttribute('aria-rowcount')).toBe(String(arriving + 1));
  await api.close();
  expect(page.complaints).toEqual([]);
}, 120_000);

it('draws at once what arrives at once', async () => {
  const before = await whatWasSeen();
  const api = new ApiClient(server.url);
  await page.page.evaluate('ofPage.isHeld = true');
  await startJobs(api, rounds);
  await expect.poll(() => page.page.evaluate('ofPage.held.length')).toBe(arriving / rounds);
  await page.page.evaluate('ofPage.isHeld = false; ofPage.letGo()');
  await expect
    .poll(() => page.table.getAttribute('aria-rowcount'))
    .toBe(String(arriving + arriving / rounds + 1));
  // Rows that are drawn for the first time may turn out to need more room or less.
  expect((await whatWasSeen()).changes - before.changes).toBeLessThanOrEqual(3);
  await api.close();
  expect(page.complaints).toEqual([]);
});
