import { expect, it } from 'vitest';
import { failure, failureCodes } from '../../src/domain/failure.js';
import { axeFindings } from './axe-findings.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** Every failure of the catalogue, from a log that was recorded before the server started. */

const begin = Date.parse('2026-01-01T00:00:00Z');
const jobs = failureCodes.map((code, n) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: code.startsWith('ACTUAL_') ? ('SYNC' as const) : ('SYNC_AND_GENERATE' as const),
  budgetId,
  createdAt: new Date(begin + n * 60_000).toISOString(),
  failure: failure(code),
}));

const openPage = pagesOfPastJobs(jobs);

it('has the sentence of each failure in the list', async () => {
  const page = await openPage();
  await page.button('Load older').click();
  await expect.poll(() => page.rows.count()).toBe(jobs.length);
  expect(await page.rows.locator('.job-outcome').allInnerTexts()).toEqual(
    jobs.map(({ failure: { message } }) => message).toReversed(),
  );
  expect(new Set(await page.rows.locator('.status').allInnerTexts())).toEqual(new Set(['Failed']));
});

it.each(jobs)('says what happened and what to do, and offers to retry: $failure.code', async (job) => {
  const page = await openPage(`/?job=${job.id}`);
  const { details } = page;
  const { code, message, action } = job.failure;
  const note = details.locator('.failure');
  await note.waitFor();
  expect(await note.locator('p').allInnerTexts()).toEqual([
    message,
    `What to do: ${action}`,
    expect.stringContaining(code),
  ]);
  await details.getByRole('button', { name: 'Retry', exact: true }).waitFor();
  await details.getByRole('button', { name: 'Copy the code' }).waitFor();
  const failed = details.getByRole('list', { name: 'Steps' }).getByRole('listitem').last();
  expect(await failed.innerText()).toContain('Failed');
  for (const width of [1280, 360]) {
    await page.page.setViewportSize({ width, height: 800 });
    expect(await page.sidewaysScroll()).toBe(0);
  }
});

it.each(['ACTUAL_AUTH_FAILED', 'MODEL_QUOTA', 'INTERNAL'] as const)(
  'is accessible where it tells of %s',
  async (code) => {
    const job = jobs.find(({ failure: { code: other } }) => other === code);
    const page = await openPage(`/?job=${job?.id}`);
    await page.details.locator('.failure').waitFor();
    await page.newestRow.waitFor();
    expect(await axeFindings(page.page)).toEqual([]);
  },
);
