import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { beforeEach, expect, it } from 'vitest';
import type { StepProgress, SuggestionsResult } from '../../src/domain/step-outcome.js';
import { axeFindings } from './axe-findings.js';
import type { PageUnderTest } from './page-under-test.js';
import { pagesOfPastJobs } from './pages-of-past-jobs.js';
import { budgetId } from './server-of-past-jobs.js';

/** Suggestions of all kinds, and transactions that got none, from a log that was recorded before the server started. */

const model = 'gpt-4o-mini';
/** More than are shown at first. */
const sure = 60;

const suggestion = (nth: number, payee: string, confidence: number, source: 'HISTORY' | 'MODEL') => ({
  ...{ transactionId: `${payee}-${nth}`, date: '2026-03-01', payee, amount: -100 - nth, source, confidence },
  ...{ categoryId: 'c1', categoryName: 'Groceries', rationale: 'All earlier ones were Groceries.' },
});
const unanswered = (payee: string) => ({
  ...{ transactionId: payee, date: '2026-03-02', payee, amount: -999 },
});
const left = [unanswered('Nobody Ltd'), unanswered('Stranger Inc')];
const suggestions = [
  ...Array.from({ length: sure }, (_, n) => suggestion(n, 'Tesco', 0.97, 'HISTORY')),
  suggestion(0, 'Argos', 0.7, 'HISTORY'),
  suggestion(0, 'Etsy', 0.42, 'MODEL'),
];
const answers: StepProgress = {
  ...{ kind: 'SUGGESTIONS', batch: 1, requested: suggestions.length + 3, suggestions },
  // One was asked for by its id, and is not in the budget.
  ...{
    unanswered: [...left.map(({ transactionId }) => transactionId), 'gone'],
    unansweredTransactions: left,
  },
  ...{ model, inputTokens: 900, outputTokens: 100 },
};
const result: SuggestionsResult = {
  ...{ kind: 'SUGGESTIONS', requested: suggestions.length + 3, suggested: suggestions.length },
  ...{ fromHistory: sure + 1, fromModel: 1, unanswered: 3, model, inputTokens: 900, outputTokens: 100 },
};
const id = '00000000-0000-4000-8000-000000000001';

const openPage = pagesOfPastJobs([
  {
    id,
    type: 'SUGGESTIONS_GENERATION',
    budgetId,
    createdAt: '2026-03-05T09:00:00.000Z',
    answers,
    results: [result],
  },
]);

let page: PageUnderTest;

beforeEach(async () => {
  page = await openPage(`/?job=${id}`);
  await page.suggestions.first().waitFor();
});

/** Payee and how sure, of the rows on top. */
async function onTop(): Promise<readonly string[]> {
  const rows = await page.suggestions.all();
  return Promise.all(
    rows.slice(0, 5).map(async (row) => {
      const payee = await row.locator('.suggestion-payee span').innerText();
      return `${payee}: ${(await row.locator('.certainty').innerText()).replaceAll(/\s+/g, ' ')}`;
    }),
  );
}

const notSureFirst = ['Nobody Ltd: No answer', 'Stranger Inc: No answer', 'Etsy: Unsure 42%'];
const andThen = ['Argos: Likely 70%', 'Tesco: Sure 97%'];

it('puts what got no answer and what is unsure on top where that is wanted, each with its word', async () => {
  expect((await onTop())[0]).toBe('Tesco: Sure 97%');
  await page.page.getByRole('checkbox', { name: 'Not sure first' }).check();
  expect(await onTop()).toEqual([...notSureFirst, ...andThen]);
  expect(await axeFindings(page.page)).toEqual([]);
  await page.page.setViewportSize({ width: 360, height: 740 });
  expect(await page.sidewaysScroll()).toBe(0);
});

it('goes from the number that got no answer to which these are', async () => {
  await page.details.getByText('Nothing was sure enough for 3.').waitFor();
  await page.button('Show which').click();
  expect(await onTop()).toEqual([...notSureFirst, ...andThen]);
  const heading = page.details.getByRole('heading', { name: 'Suggestions' });
  expect(await heading.evaluate((it) => it === document.activeElement)).toBe(true);
  const [top, seen] = await Promise.all([
    page.suggestions.first().evaluate((row) => row.getBoundingClientRect().bottom),
    page.page.evaluate(() => innerHeight),
  ]);
  expect(top).toBeLessThan(seen);
});

it('counts them with the rest, and says of how many nothing is known', async () => {
  await page.button('Show more (50 of 64 shown)').click();
  expect(await page.suggestions.count()).toBe(64);
  await page.details.getByText('1 more got no answer; the job does not know more of it.').waitFor();
});

it('exports what got no answer too, without a category', async () => {
  const [download] = await Promise.all([
    page.page.waitForEvent('download'),
    page.button('Export as CSV').click(),
  ]);
  const { data } = Papa.parse<Record<string, string>>(await readFile(await download.path(), 'utf8'), {
    header: true,
  });
  expect(data.filter(({ category }) => category === '').map(({ payee }) => payee)).toEqual([
    'Nobody Ltd',
    'Stranger Inc',
  ]);
  expect(data).toHaveLength(64);
});
