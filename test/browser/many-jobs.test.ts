import { expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { allUncategorized, cancelJob, startJob, type StartInput } from '../support/jobs-api.js';
import { recordPastJobs } from '../support/past-jobs.mjs';
import { axeFindings } from './axe-findings.js';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfEachTest } from './server-of-each-test.js';
import { budgetId, startServerOfPastJobs } from './server-of-past-jobs.js';

/** More jobs than the page has rows for at a time. */

const own = serverOfEachTest(startServerOfPastJobs);
const past = 1_000;

let dataDir: string;
let page: PageUnderTest;

/** So many, a minute apart. */
function record(count: number, since: string): Promise<void> {
  return recordPastJobs(
    dataDir,
    Array.from({ length: count }, (_, n) => ({
      budgetId,
      createdAt: new Date(Date.parse(since) + n * 60_000).toISOString(),
    })),
  );
}

async function open(count: number): Promise<void> {
  dataDir = own.newFolder();
  await record(count, '2026-01-01T00:00:00Z');
  page = await own.open({ dataDir });
  await page.waitUntil('Live');
}

/** It may be gone at any moment. */
function clickIfThere(name: string): Promise<void> {
  return page
    .button(name)
    .evaluateAll((buttons: readonly HTMLElement[]) => buttons.forEach((button) => button.click()));
}

async function loadAll(): Promise<void> {
  const more = page.button('Load older');
  await expect
    .poll(async () => {
      // Gone as soon as all are there; what is loading takes no further click.
      await more.evaluateAll((buttons: readonly HTMLElement[]) =>
        buttons.forEach((button) => button.click()),
      );
      return page.table.getAttribute('aria-rowcount');
    })
    .toBe(String(past + 1));
}

/** Of the rows that are there. */
const places = () =>
  page.rows.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))));

const scrollToEnd = () => page.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));

it('has few rows of many jobs, tells the place of each, and goes through to the last', async () => {
  await open(past);
  await loadAll();
  expect((await places()).slice(0, 3)).toEqual([2, 3, 4]);
  expect(await axeFindings(page.page)).toEqual([]);

  await expect
    .poll(async () => {
      await scrollToEnd();
      return (await places()).at(-1);
    })
    .toBe(past + 1);
  const shown = await places();
  expect(shown.length).toBeLessThan(100);
  expect(shown).toEqual([...shown.keys()].map((n) => past + 2 - shown.length + n));
  const last = page.rows.last();
  expect(await last.locator('time').first().getAttribute('datetime')).toBe('2026-01-01T00:00:00.000Z');

  await last.click();
  await page.details.getByText('The job succeeded.').waitFor();
  await page.page.evaluate(() => scrollTo(0, 0));
  await expect.poll(async () => (await places())[0]).toBe(2);
  await page.button('Close').click();
  expect(
    await page.rows
      .last()
      .getByRole('button')
      .evaluate((it) => it === document.activeElement),
  ).toBe(true);
  expect(page.complaints).toEqual([]);
});

it('keeps the focus of a row that is scrolled out of sight', async () => {
  await open(past);
  await loadAll();
  const opener = page.newestRow.getByRole('button');
  const name = await opener.getAttribute('aria-label');
  await opener.focus();
  await scrollToEnd();
  await expect.poll(async () => (await places()).at(-1)).toBeGreaterThan(past - 50);
  expect(await page.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(name);
  expect(page.complaints).toEqual([]);
});

it('still has all that was loaded once the connection was lost and is back', async () => {
  await open(past);
  await loadAll();
  await own.server.stop();
  await page.waitUntil('Reconnecting…');
  await own.startAgain(dataDir);
  await page.waitUntil('Live');
  expect(await page.table.getAttribute('aria-rowcount')).toBe(String(past + 1));
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  expect(await page.table.getAttribute('aria-rowcount')).toBe(String(past + 2));
});

it('takes in a thousand jobs that arrive at once, all of them and in order', async () => {
  await open(1);
  await page.newestRow.waitFor();
  await own.server.stop();
  await page.waitUntil('Reconnecting…');
  await record(past, '2026-02-01T00:00:00Z');
  await own.startAgain(dataDir);
  // A thousand updates, each drawn, on a machine that may be busy.
  await expect
    .poll(() => page.table.getAttribute('aria-rowcount'), { timeout: 60_000 })
    .toBe(String(past + 2));

  const seen = new Map<number, number>();
  const look = async () => {
    for (const [place, startedAt] of await page.rows.evaluateAll((rows) =>
      rows.map((row) => [
        Number(row.getAttribute('aria-rowindex')),
        Date.parse(row.querySelector('time')?.getAttribute('datetime') ?? ''),
      ]),
    ))
      seen.set(place ?? 0, startedAt ?? 0);
    await page.page.mouse.wheel(0, 700);
    return seen.size;
  };
  await page.page.mouse.move(400, 400);
  await expect.poll(look, { timeout: 30_000 }).toBe(past + 1);
  const inOrder = [...seen].sort(([a], [b]) => a - b).map(([, startedAt]) => startedAt);
  expect(new Set(inOrder).size).toBe(past + 1);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
}, 120_000);

it('misses none of those that arrive where the connection breaks again in the middle of them', async () => {
  await open(1);
  const arriving = 60;
  let breaksAfter = 0;
  await page.page.routeWebSocket(/\/graphql$/, (client) => {
    const onward = client.connectToServer();
    onward.onMessage(async (message) => {
      client.send(message);
      if (!message.includes('"type":"next"')) return;
      breaksAfter -= 1;
      if (breaksAfter === 0) await Promise.all([client.close({ code: 1012 }), onward.close()]);
    });
  });
  await page.page.reload();
  await page.waitUntil('Live');
  await own.server.stop();
  await page.waitUntil('Reconnecting…');
  await record(arriving, '2026-02-01T00:00:00Z');
  breaksAfter = arriving / 4;
  await own.startAgain(dataDir);

  await expect.poll(() => page.rows.count(), { timeout: 30_000 }).toBe(arriving + 1);
  expect(breaksAfter).toBeLessThan(0);
});

it('stays of use while jobs come and go', async () => {
  await open(0);
  const api = new ApiClient(own.server.url);
  // What is queued behind it is canceled at once.
  await startJob(api, { type: 'SYNC' });
  const starts: readonly StartInput[] = [
    { type: 'SYNC', onConflict: 'QUEUE' },
    { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized },
    { type: 'SYNC_AND_GENERATE', batch: allUncategorized },
  ];
  const ofEach = 40;
  const arriving = Promise.all(
    starts.map(async (input) => {
      for (let n = 0; n < ofEach; n++) await cancelJob(api, (await startJob(api, input)).job.id);
    }),
  );
  await expect.poll(() => page.rows.count()).toBeGreaterThan(10);
  await page.newestRow.click();
  await page.details.getByText('The job was queued.').waitFor();
  await page.button('Close').click();
  await page.page.getByLabel('Status').selectOption('Running');
  await expect.poll(() => page.rows.count()).toBe(1);
  await page.page.getByLabel('Status').selectOption('All');
  await arriving;
  await api.close();

  const total = starts.length * ofEach;
  const statuses = async () => {
    await clickIfThere('Load older');
    return page.rows.locator('.status').allInnerTexts();
  };
  await expect.poll(statuses).toEqual(['Running', ...Array.from({ length: total }, () => 'Canceled')]);
  expect(page.complaints).toEqual([]);
});
