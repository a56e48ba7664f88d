import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.js';
import { axeFindings } from './axe-findings.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** Where the system puts its own few colours in place of ours, and where it wants nothing to move. */

const createdAt = '2026-01-01T00:00:00.000Z';
const openPage = pagesOfPastJobs([
  { budgetId, createdAt },
  { budgetId, createdAt, type: 'SYNC_AND_GENERATE', failure: failure('MODEL_TIMEOUT') },
]);

const styleOf = (element: Locator, pseudo: string | null, ...names: readonly string[]) =>
  element.evaluate(
    (it, [which, wanted]) => {
      const style = getComputedStyle(it, which);
      return wanted.map((name) => style.getPropertyValue(name));
    },
    [pseudo, names] as const,
  );

it('tells the open row, the steps and the connection by edges and shapes, in the colours of the system', async () => {
  const page = await openPage('/', { forcedColors: 'active' });
  await page.waitUntil('Live');
  const row = page.rows.filter({ hasText: 'Failed' });
  await row.click();
  await page.button('Retry').waitFor();
  expect(await styleOf(row, null, 'outline-style', 'outline-width')).toEqual(['solid', '2px']);
  const canvas = await styleOf(page.page.locator('body'), null, 'background-color');
  const step = page.details.getByRole('listitem').first();
  expect(await styleOf(step, '::after', 'background-color')).not.toEqual(canvas);
  expect(await styleOf(page.status, '::before', 'background-color')).not.toEqual(canvas);
  expect(await styleOf(row.locator('.status'), '::before', 'content')).toEqual(['"✕" / ""']);
  await page.page.keyboard.press('Tab');
  expect(await styleOf(page.page.locator(':focus-visible'), null, 'outline-style')).toEqual(['solid']);
  expect(await axeFindings(page.page)).toEqual([]);
});

it.each([
  { reducedMotion: 'reduce', moves: false },
  { reducedMotion: 'no-preference', moves: true },
] as const)(
  'moves what runs unless no motion is wanted: $reducedMotion',
  async ({ reducedMotion, moves }) => {
    const page = await openPage('/', { reducedMotion });
    await page.waitUntil('Live');
    await page.button('Sync').click();
    await page.waitForNewest('Sync', 'Running');
    expect(await page.page.evaluate(() => document.getAnimations().length > 0)).toBe(moves);
  },
);
