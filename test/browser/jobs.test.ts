import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { allUncategorized, startJob, watchToEnd } from '../support/jobs-api.js';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfAllTests } from './server-of-all-tests.js';

/** The page in front of the real server and its demo, where every job succeeds. */

const server = serverOfAllTests({ DEMO_INTERVAL_MS: '1000' });
let page: PageUnderTest;

beforeAll(async () => {
  const api = new ApiClient(server.url);
  for (const input of [
    { type: 'SYNC' },
    { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized },
    { type: 'SYNC_AND_GENERATE', batch: allUncategorized },
  ] as const) {
    await watchToEnd(api, (await startJob(api, input)).job.id);
  }
  await api.close();
});

beforeEach(async () => {
  page = await server.open();
  await page.newestRow.waitFor();
});

describe('a job that is started with the mouse', () => {
  it.each([
    { button: 'Sync', type: 'Sync', steps: ['Sync'] },
    { button: 'Generate suggestions', type: 'Suggestions Generation', steps: ['Suggestions Generation'] },
    { button: 'Sync and generate', type: 'Sync and Generate', steps: ['Sync', 'Suggestions Generation'] },
  ])('is watched to its end: $type', async ({ button, type, steps }) => {
    const before = await page.rows.count();
    await page.button(button).click();
    await page.waitForNewest(type, 'Succeeded');
    expect(await page.rows.count()).toBe(before + 1);
    const [started, completed] = await page.newestRow.getByRole('time').all();
    expect(Date.parse((await completed?.getAttribute('datetime')) ?? '')).toBeGreaterThanOrEqual(
      Date.parse((await started?.getAttribute('datetime')) ?? ''),
    );

    await page.newestRow.click();
    const shown = page.details.getByRole('list', { name: 'Steps' }).getByRole('listitem');
    await expect
      .poll(() => shown.allInnerTexts())
      .toEqual(steps.map((step) => expect.stringMatching(new RegExp(`^${step}\\s+Succeeded`)) as string));
    const history = page.details.getByRole('list', { name: 'History' }).getByRole('listitem');
    expect(await history.first().innerText()).toContain('The job was queued.');
    expect(await history.last().innerText()).toContain('The job succeeded.');
  });
});

it('shows the suggestions of a job: payee, amount, category, confidence and reason', async () => {
  await page.rows.filter({ hasText: 'Suggestions Generation' }).first().click();
  const first = page.suggestions.first();
  await first.waitFor();
  expect((await first.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
    /^\S.* \w{3} \d+, \d{4} -?[\d,]+\.\d\d .+ (Sure|Likely|Unsure) \d+% .+\.$/,
  );
});

it('shows all suggestions of a job when asked for more', async () => {
  const api = new ApiClient(server.url);
  interface Counted {
    readonly totalCount: number;
  }
  const { jobs } = await api.request<{ jobs: { nodes: { suggestions: Counted; unanswered: Counted }[] } }>(
    `{ jobs(filter: { types: [SUGGESTIONS_GENERATION] }) {
         nodes { suggestions { totalCount } unanswered { totalCount } } } }`,
  );
  const [job] = jobs.nodes;
  const total = (job?.suggestions.totalCount ?? 0) + (job?.unanswered.totalCount ?? 0);
  await api.close();
  await page.rows.filter({ hasText: 'Suggestions Generation' }).first().click();
  await expect.poll(() => page.suggestions.count()).toBe(Math.min(50, total));
  const more = page.page.getByRole('button', { name: /^Show more/ });
  while (await more.isVisible()) {
    const before = await page.suggestions.count();
    await more.click();
    await expect.poll(() => page.suggestions.count()).toBeGreaterThan(before);
  }
  expect(await page.suggestions.count()).toBe(total);
});

it('filters by type and by status, and says where nothing matches', async () => {
  const { page: tab } = page;
  const shown = async (column: number) =>
    new Set(await page.rows.locator(`td:nth-child(${column})`).allInnerTexts());
  await expect.poll(async () => (await shown(1)).size).toBe(3);
  await tab.getByLabel('Type').selectOption('Suggestions Generation');
  await expect.poll(() => shown(1)).toEqual(new Set(['Suggestions Generation']));
  await tab.getByLabel('Status').selectOption('Failed');
  await tab.getByText('No job matches these filters.').waitFor();
  await tab.getByLabel('Status').selectOption('Succeeded');
  await expect.poll(() => shown(2)).toEqual(new Set(['Succeeded']));
  expect(await shown(1)).toEqual(new Set(['Suggestions Generation']));
});

it('keeps the filters in the address: over a reload, and as one goes back', async () => {
  const { page: tab } = page;
  await tab.getByLabel('Type').selectOption('Sync');
  await tab.getByLabel('Status').selectOption('Failed');
  await tab.getByText('No job matches these filters.').waitFor();
  await tab.reload();
  await tab.getByText('No job matches these filters.').waitFor();
  expect(await tab.getByLabel('Type').inputValue()).toBe('SYNC');
  await tab.goBack();
  await expect.poll(() => tab.getByLabel('Status').inputValue()).toBe('');
  await page.waitForNewest('Sync', 'Succeeded');
});

it('says in the list what came of each job', async () => {
  const outcome = (type: string) =>
    page.rows
      .filter({ has: page.page.getByRole('cell', { name: type, exact: true }) })
      .first()
      .locator('.job-outcome')
      .innerText();
  expect(await outcome('Sync')).toMatch(/^(No transaction|\d+ transactions?) changed/);
  expect(await outcome('Suggestions Generation')).toMatch(/^\d+ of \d+ suggested$/);
  expect(await outcome('Sync and Generate')).toMatch(/ changed.* \d+ of \d+ suggested$/);
});

it('shows all again where nothing matches the filters', async () => {
  const before = await page.rows.count();
  await page.page.getByLabel('Status').selectOption('Canceled');
  await page.button('Show all').click();
  await expect.poll(() => page.rows.count()).toBe(before);
});

it('keeps jobs that a filter leaves out of the list while they change', async () => {
  const { page: tab } = page;
  await tab.getByLabel('Type').selectOption('Sync and Generate');
  await page.waitForNewest('Sync and Generate', 'Succeeded');
  const before = await page.shownJobs();
  await page.button('Sync').click();
  await tab
    .locator('[aria-live="polite"]')
    .getByText(/^Sync of .+: Succeeded\.$/)
    .waitFor({ state: 'attached' });
  expect(await page.shownJobs()).toEqual(before);
});

it('can be used with the keyboard alone', async () => {
  const { keyboard } = page.page;
  const tabTo = async (name: string | RegExp) => {
    const target = page.page.getByRole('button', { name, exact: true }).first();
    const isFocused = () => target.evaluate((element) => element === document.activeElement);
    while (!(await isFocused())) await keyboard.press('Tab');
    return target;
  };
  const before = await page.rows.count();
  await tabTo('Sync and generate');
  await keyboard.press('Enter');
  await expect.poll(() => page.rows.count()).toBe(before + 1);
  const open = await tabTo(/^Details of the job of/);
  await keyboard.press('Enter');
  await page.details.getByText('Sync and Generate').waitFor();
  await page.waitForNewest('Sync and Generate', 'Succeeded');
  await page.details.getByText('The job succeeded.').waitFor();
  await keyboard.press('Escape');
  await page.details.waitFor({ state: 'hidden' });
  expect(await open.evaluate((element) => element === document.activeElement)).toBe(true);
});

it('tells who listens that a job has ended', async () => {
  await page.button('Sync').click();
  await page.page
    .locator('[aria-live="polite"]')
    .getByText(/^Sync of .+: Succeeded\.$/)
    .waitFor({ state: 'attached' });
});

it('fits a screen of 360 pixels, with a job opened too', async () => {
  await page.page.setViewportSize({ width: 360, height: 740 });
  expect(await page.sidewaysScroll()).toBe(0);
  await page.rows.filter({ hasText: 'Sync and Generate' }).first().click();
  await page.suggestions.first().waitFor();
  expect(await page.sidewaysScroll()).toBe(0);
  const openers = page.table.getByRole('button');
  const { x, width } = (await openers.first().boundingBox()) ?? { x: 360, width: 0 };
  expect(x + width).toBeLessThanOrEqual(360);
});

it('is light or dark as the system is', async () => {
  const ground = async (colorScheme: 'light' | 'dark') => {
    await page.page.emulateMedia({ colorScheme });
    return page.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  };
  expect(await ground('light')).not.toBe(await ground('dark'));
});

it('exports the suggestions of a job as CSV', async () => {
  await page.rows.filter({ hasText: 'Suggestions Generation' }).first().click();
  await page.suggestions.first().waitFor();
  const [download] = await Promise.all([
    page.page.waitForEvent('download'),
    page.button('Export as CSV').click(),
  ]);
  const { data, errors } = Papa.parse<Record<string, string>>(await readFile(await download.path(), 'utf8'), {
    header: true,
  });
  expect(errors).toEqual([]);
  expect(download.suggestedFilename()).toMatch(/^suggestions-.+\.csv$/);
  expect(Object.keys(data[0] ?? {})).toEqual([
    'date',
    'payee',
    'amount',
    'category',
    'confidence',
    'source',
    'why',
    'transaction',
  ]);
  const shown = await page.suggestions.first().innerText();
  expect(shown).toContain(data[0]?.payee);
  expect(shown).toContain(data[0]?.category);
});

it('shows the least sure suggestions first where that is wanted', async () => {
  await page.rows.filter({ hasText: 'Suggestions Generation' }).first().click();
  await page.suggestions.first().waitFor();
  const percentages = async () =>
    (await page.suggestions.locator('.certainty').allInnerTexts()).map((text) =>
      text === 'No answer' ? -1 : Number(/(\d+)%/.exec(text)?.[1]),
    );
  await page.page.getByRole('checkbox', { name: 'Not sure first' }).check();
  const sorted = await percentages();
  expect(sorted.length).toBeGreaterThan(1);
  expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
});

it('loads older jobs when asked for', async () => {
  for (let started = await page.rows.count(); started <= 20; started = await page.rows.count()) {
    await page.button('Sync').click();
    await expect.poll(() => page.rows.count()).toBe(started + 1);
    await page.waitForNewest('Sync', 'Succeeded');
  }
  const all = await page.rows.count();
  const other = await server.openAnother();
  await expect.poll(() => other.rows.count()).toBe(20);
  await other.button('Load older').click();
  await expect.poll(() => other.rows.count()).toBe(all);
  await other.button('Load older').waitFor({ state: 'hidden' });
  expect(await other.shownJobs()).toEqual(await page.shownJobs());
  await other.close();
});
