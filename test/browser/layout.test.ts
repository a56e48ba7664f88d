import { expect, it } from 'vitest';
import type { StepProgress, StepResult } from '../../src/domain/step-outcome.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** Where things stand, and what catches the eye. */

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const id = '00000000-0000-4000-8000-000000000001';
/** More than fit on any screen. */
const suggestions = Array.from({ length: 40 }, (_, n) => ({
  ...{ transactionId: `t${n}`, date: '2026-03-01', payee: 'Tesco', amount: -100, confidence: 0.9 },
  ...{
    source: n === 0 ? ('MODEL' as const) : ('HISTORY' as const),
    categoryId: 'c',
    categoryName: 'Groceries',
  },
  rationale: 'All 9 earlier ones were Groceries.',
}));
const answers: StepProgress = {
  ...{ kind: 'SUGGESTIONS', batch: 1, requested: 40, suggestions, unanswered: [] },
  ...{ model: null, inputTokens: 0, outputTokens: 0 },
};
/** Of a job that says more than fits into a line of a phone. */
const combined: readonly StepResult[] = [
  {
    ...{ kind: 'SYNC', messagesReceived: 9, messagesSent: 0, transactionsChanged: 123, durationMs: 9 },
    accountsTouched: ['Card', 'Cash'],
  },
  {
    ...{ kind: 'SUGGESTIONS', requested: 1234, suggested: 1200, fromHistory: 1200, fromModel: 0 },
    ...{ unanswered: 34, model: null, inputTokens: 0, outputTokens: 0 },
  },
];

const openPage = pagesOfPastJobs([
  { id, type: 'SUGGESTIONS_GENERATION', budgetId, createdAt: '2026-03-05T09:00:00.000Z', answers },
  { type: 'SYNC_AND_GENERATE', budgetId, createdAt: '2026-03-04T09:00:00.000Z', results: combined },
]);

it.each([
  ['on a desktop', desktop],
  ['on a phone', phone],
])('keeps the title of an opened job, and the way out of it, in sight %s', async (_where, viewport) => {
  const page = await openPage(`/?job=${id}`, { viewport });
  await page.suggestions.nth(30).scrollIntoViewIfNeeded();
  const { y, height } = (await page.button('Close').boundingBox()) ?? { y: -1, height: 0 };
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThan(viewport.height / 2);
  const bottomOfHeader = () =>
    page.details.locator('.details-header').evaluate((header) => header.getBoundingClientRect().bottom);
  // Nothing is covered by it before anything was scrolled, nor is what one goes to.
  const heading = page.details.getByRole('heading', { name: 'Suggestions' });
  await heading.evaluate((it) => it.scrollIntoView());
  expect((await heading.boundingBox())?.y).toBeGreaterThanOrEqual(await bottomOfHeader());
  const title = page.details.locator('.details-title');
  await page.details.evaluate((it) => it.scrollTo(0, 0));
  await page.page.evaluate(() => scrollTo(0, 0));
  expect((await title.boundingBox())?.y).toBeGreaterThanOrEqual(await bottomOfHeader());
  await page.button('Close').click();
  await page.details.waitFor({ state: 'detached' });
});

it('says of a suggestion where it comes from only where that is not the history, as its reason says', async () => {
  const page = await openPage(`/?job=${id}`);
  await page.suggestions.first().waitFor();
  const whys = await page.suggestions.locator('.suggestion-why').allInnerTexts();
  expect(whys[0]).toBe('All 9 earlier ones were Groceries. From the model.');
  expect(whys[1]).toBe('All 9 earlier ones were Groceries.');
});

it('has one button that is louder than the others', async () => {
  const page = await openPage();
  await page.waitUntil('Live');
  const grounds = await Promise.all(
    ['Sync', 'Generate suggestions', 'Sync and generate'].map((name) =>
      page.button(name).evaluate((button) => getComputedStyle(button).backgroundColor),
    ),
  );
  expect(grounds[1]).toBe(grounds[2]);
  expect(grounds[0]).not.toBe(grounds[1]);
});

it.each([
  ['on a desktop', desktop],
  ['on a phone', phone],
])('has everything begin at the same edge %s', async (_where, viewport) => {
  const page = await openPage('/', { viewport });
  await page.newestRow.waitFor();
  const left = async (selector: string) => (await page.page.locator(selector).first().boundingBox())?.x;
  expect(new Set([await left('h1'), await left('.panel'), await left('.page-footer > *')]).size).toBe(1);
});

it.each([320, 360, 390])(
  'breaks no name of a type, and begins no line with a dot, at %i pixels',
  async (width) => {
    const page = await openPage('/', { viewport: { ...phone, width } });
    const row = page.rows.filter({ hasText: 'Sync and Generate' });
    await row.waitFor();
    const linesOf = (element: Element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size;
    };
    for (const type of await page.rows.locator('.job-type').all())
      expect(await type.evaluate(linesOf)).toBe(1);
    const [first, second] = await row.locator('.job-outcome .parts > span').evaluateAll((parts) =>
      parts.map((part) => {
        const range = document.createRange();
        range.selectNodeContents(part);
        return range.getBoundingClientRect().toJSON() as DOMRect;
      }),
    );
    expect(second?.top).toBeGreaterThanOrEqual(first?.bottom ?? Infinity);
    expect(second?.left).toBe(first?.left);
    // What is left of the letters, such as a dot, is cut off.
    const outcome = row.locator('.job-outcome');
    expect(await outcome.locator('.parts').evaluate((it) => getComputedStyle(it).clipPath)).toMatch(
      / 0px .+px\)$/,
    );
    expect((await outcome.boundingBox())?.x).toBeCloseTo(first?.left ?? 0, 0);
  },
);

it('has no line for what has not happened yet', async () => {
  const page = await openPage('/', { viewport: phone });
  await page.waitUntil('Live');
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await page.button('Generate suggestions').click();
  const queued = page.rows.filter({ hasText: 'Queued' });
  await queued.waitFor();
  expect(await queued.innerText()).not.toContain('–');
  const started = queued.locator('.job-started');
  expect(await started.isVisible()).toBe(false);
  expect(await page.newestRow.locator('.job-started').isVisible()).toBe(true);
  expect(await page.newestRow.locator('.job-completed').isVisible()).toBe(false);
  await queued.click();
  await page.details.getByText('It waits for its turn').waitFor();
  expect(await page.details.locator('.facts dt:visible').allInnerTexts()).toEqual(['Budget', 'Queued']);
});
