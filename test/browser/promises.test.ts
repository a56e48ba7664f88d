import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import type { PageUnderTest } from './page-under-test.js';
import { serverOfAllTests } from './server-of-all-tests.js';

/** The roles and names that others may rely on, each of them unambiguous. */

const server = serverOfAllTests();
let page: PageUnderTest;

beforeEach(async () => {
  page = await server.open();
});

it('has one heading, one table and one status of the connection', async () => {
  const { page: tab } = page;
  expect(await tab.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Jobs']);
  expect(await tab.getByRole('table').count()).toBe(1);
  expect(await page.table.getByRole('columnheader').allInnerTexts()).toEqual([
    'Type',
    'Status',
    'Started',
    'Completed',
    'Took',
    'Outcome',
    'Details',
  ]);
  expect(await tab.getByRole('status').allInnerTexts()).toEqual(['Live']);
});

it('has a button for each type of job, and a filter for each type and status', async () => {
  const { page: tab } = page;
  for (const name of ['Sync', 'Generate suggestions', 'Sync and generate']) {
    expect(await page.button(name).count()).toBe(1);
  }
  const choices = (name: string) =>
    tab.getByRole('combobox', { name, exact: true }).getByRole('option').allInnerTexts();
  expect(await choices('Type')).toEqual(['All', 'Sync', 'Suggestions Generation', 'Sync and Generate']);
  expect(await choices('Status')).toEqual(['All', 'Queued', 'Running', 'Succeeded', 'Failed', 'Canceled']);
});

it('has headings for each part of an opened job, and still one status of the connection', async () => {
  await page.button('Sync and generate').click();
  await page.newestRow.click();
  await page.waitForNewest('Sync and Generate', 'Succeeded');
  const { details } = page;
  await details.getByRole('region', { name: 'Suggestions' }).getByRole('row').nth(1).waitFor();
  expect(await details.getByRole('heading').allInnerTexts()).toEqual([
    'Job details',
    'Steps',
    'Suggestions',
    'History',
  ]);
  expect(await page.page.getByRole('status').allInnerTexts()).toEqual(['Live']);
});

it('loads less than 150 KB of script, gzipped', async () => {
  const scripts: Promise<Buffer>[] = [];
  page.page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.page.reload();
  await page.waitUntil('Live');
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).byteLength);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150 * 1_024);
});
