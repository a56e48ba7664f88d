import { expect, it } from 'vitest';
import type { PageUnderTest } from './page-under-test.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** The list over several days, from a log that was recorded before the server started. */

const inUtc = { timezoneId: 'UTC' };
/** Of the browser; the server's own goes on. */
const now = '2026-03-05T23:50:00Z';
const createdAt = [
  '2025-12-31T10:00:00.000Z',
  '2026-03-02T10:00:00.000Z',
  '2026-03-04T00:00:00.000Z',
  '2026-03-04T23:00:00.000Z',
  '2026-03-05T09:00:00.000Z',
];

const openPage = pagesOfPastJobs(createdAt.map((at) => ({ budgetId, createdAt: at })));

/** Headings and rows in their order; a row is told by when it started. */
async function shown(page: PageUnderTest): Promise<readonly string[]> {
  const lines = await page.table.locator('tbody > *').all();
  return Promise.all(
    lines.map(async (line) =>
      (await line.getAttribute('role')) === 'row'
        ? ((await line.locator('time').first().getAttribute('datetime')) ?? '–')
        : line.innerText(),
    ),
  );
}

it.each([
  { form: 'a table', viewport: { width: 1280, height: 800 } },
  { form: 'cards', viewport: { width: 360, height: 740 } },
])('heads each day of the list, as $form, and goes on to the next at midnight', async ({ viewport }) => {
  const page = await openPage('/', { ...inUtc, viewport, now });
  await page.newestRow.waitFor();
  const [thisYear, date, night, evening, morning] = createdAt;
  const days = [date, 'Monday, March 2', thisYear, 'Wednesday, December 31, 2025'] as const;
  expect(await shown(page)).toEqual([
    'Today',
    morning,
    'Yesterday',
    evening,
    night,
    days[1],
    days[0],
    days[3],
    days[2],
  ]);
  // Rows are jobs, for who counts them too.
  expect(await page.table.getByRole('row').count()).toBe(createdAt.length + 1);
  expect(await page.sidewaysScroll()).toBe(0);

  await page.page.clock.fastForward('15:00');
  await expect
    .poll(() => shown(page))
    .toEqual([
      'Yesterday',
      morning,
      'Wednesday, March 4',
      evening,
      night,
      days[1],
      days[0],
      days[3],
      days[2],
    ]);
});

it('has the days of the reader, in the language of the reader', async () => {
  const page = await openPage('/', {
    timezoneId: 'Asia/Tokyo',
    locale: 'de-DE',
    now: '2026-03-05T12:00:00Z',
  });
  await page.newestRow.waitFor();
  expect(await shown(page)).toEqual([
    'Heute',
    createdAt[4],
    createdAt[3],
    'Gestern',
    createdAt[2],
    'Montag, 2. März',
    createdAt[1],
    'Mittwoch, 31. Dezember 2025',
    createdAt[0],
  ]);
});

it('puts what runs above the days, and moves no column for it', async () => {
  const page = await openPage('/', { ...inUtc, now });
  await page.newestRow.waitFor();
  const columns = () =>
    page.table
      .getByRole('columnheader')
      .evaluateAll((headers) => headers.map((header) => header.getBoundingClientRect().left));
  const before = { columns: await columns(), shown: await shown(page) };
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  expect(await columns()).toEqual(before.columns);
  expect((await shown(page)).slice(1)).toEqual(before.shown);
});
