import { beforeEach, expect, it } from 'vitest';
import type { SyncResult } from '../../src/domain/step-outcome.js';
import { axeFindings } from './axe-findings.js';
import type { PageUnderTest } from './page-under-test.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** What helps whoever looks for a fault, and is noise to everybody else. */

const id = '00000000-0000-4000-8000-000000000001';
const synced: SyncResult = {
  ...{ kind: 'SYNC', messagesReceived: 25, messagesSent: 1, transactionsChanged: 3 },
  ...{ accountsTouched: ['Credit Card'], durationMs: 276 },
};

const openPage = pagesOfPastJobs([
  { id, budgetId, createdAt: '2026-03-05T09:00:00.000Z', tookMs: 292, results: [synced] },
]);

let page: PageUnderTest;

beforeEach(async () => {
  page = await openPage(`/?job=${id}`);
  await page.details.getByText('The job succeeded.').waitFor();
});

it('says of a sync what changed, and of a budget that has no name yet which one it is', async () => {
  const text = await page.details.innerText();
  expect(text).toContain('3 transactions changed in Credit Card.');
  expect(text).toMatch(/ran 0\.3 s/);
  expect(text).toMatch(/Budget\s+Budget 11111111\n/);
  expect(text).not.toMatch(/\d ms\b/);
  expect(text).not.toContain(budgetId);
  // The history is the server's.
  expect(await page.details.getByRole('list', { name: 'Steps' }).innerText()).not.toContain('message');
});

it('tells the rest where that is asked for', async () => {
  await page.details.getByText('Technical details').click();
  const facts = page.details.locator('.technical');
  expect((await facts.innerText()).split('\n').filter((line) => line !== '')).toEqual([
    ...['Job', id, 'Budget', budgetId],
    ...['Sync', '25 messages received, 1 sent, in 0.3 s'],
  ]);
  expect(await axeFindings(page.page)).toEqual([]);
  await page.page.setViewportSize({ width: 360, height: 740 });
  expect(await page.sidewaysScroll()).toBe(0);
});
