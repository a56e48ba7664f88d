import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

/** One server, with its demo, for all tests of a file, each of which opens a page of its own and must leave no complaint there. */
export function serverOfAllTests(env: Readonly<Record<string, string>> = {}) {
  const newFolder = tempFolders();
  let browser: Browser;
  let server: ServerProcess;
  let page: PageUnderTest | undefined;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer({ dataDir: newFolder(), env }), launchChromium()]);
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  afterEach(async () => {
    expect(page?.complaints ?? []).toEqual([]);
    await page?.close();
    page = undefined;
  });

  return {
    get url() {
      return server.url;
    },
    open: async (): Promise<PageUnderTest> => {
      page = await PageUnderTest.open(browser, server.url);
      await page.waitUntil('Live');
      return page;
    },
    /** One more page; whoever opens it closes it. */
    openAnother: () => PageUnderTest.open(browser, server.url),
  };
}
