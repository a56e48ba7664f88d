import { expect, it } from 'vitest';
import { recordPastJobs } from '../support/past-jobs.mjs';
import { serverOfEachTest } from './server-of-each-test.js';
import { budgetId, startServerOfPastJobs } from './server-of-past-jobs.js';

/** What the page says of times once its connection is lost, and nobody knows how it went on. */

const own = serverOfEachTest(startServerOfPastJobs);

it('tells when things happened and not how long ago, and of what ran how long it had', async () => {
  const dataDir = own.newFolder();
  await recordPastJobs(dataDir, [{ budgetId, createdAt: new Date().toISOString() }]);
  const page = await own.open({ dataDir, options: { now: new Date().toISOString() } });
  await page.waitUntil('Live');
  await page.button('Sync').click();
  await page.waitForNewest('Sync', 'Running');
  await page.newestRow.click();
  await page.details.getByText('It will be tried again at').waitFor();
  const times = () => page.rows.locator('time > [aria-hidden]').allInnerTexts();
  expect(await times()).toEqual(['Just now', 'Just now', 'Just now']);
  await page.details.getByText(/\(in .+\)\.$/).waitFor();

  await own.server.stop();
  await page.waitUntil('Reconnecting…');
  const timeOfDay = expect.stringMatching(/^(Today|Yesterday), \d+:\d\d [AP]M$/) as string;
  await expect.poll(times).toEqual([timeOfDay, timeOfDay, timeOfDay]);
  expect(await page.details.getByText('It will be tried again at').innerText()).not.toContain('(in');
  const ran = page.details.locator('.step-times').first();
  const before = await ran.innerText();
  expect(before).toMatch(/^for \d+ s/);
  await page.page.clock.fastForward('02:00');
  expect(await ran.innerText()).toBe(before);

  // As soon as it is known again, it goes on.
  await own.startAgain(dataDir);
  await page.waitUntil('Live');
  await expect.poll(() => ran.innerText()).toMatch(/^for 2 min/);
  expect(await times()).toEqual(['2 min. ago', '2 min. ago', '2 min. ago']);
});
