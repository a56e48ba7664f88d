import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { recordPastJobs, type PastJob } from '../support/past-jobs.mjs';
import type { ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';
import { startServerOfPastJobs } from './server-of-past-jobs.js';

/**
 * Opens pages of a server that has these jobs, for the tests of a file: `path` is that within the server. Each page is closed
 * after its test, and must have had nothing to complain of.
 */
export function pagesOfPastJobs(jobs: readonly PastJob[]) {
  const newFolder = tempFolders();
  const pages: PageUnderTest[] = [];
  let browser: Browser;
  let server: ServerProcess;

  beforeAll(async () => {
    const dataDir = newFolder();
    await recordPastJobs(dataDir, jobs);
    [server, browser] = await Promise.all([startServerOfPastJobs(dataDir), launchChromium()]);
  });

  afterEach(async () => {
    for (const page of pages.splice(0)) {
      expect(page.complaints).toEqual([]);
      await page.close();
    }
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  return async (path = '/', options: Parameters<typeof PageUnderTest.open>[2] = {}) => {
    const page = await PageUnderTest.open(browser, `${server.url}${path}`, options);
    pages.push(page);
    return page;
  };
}
