import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../support/chromium.mjs';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';
import { PageUnderTest } from './page-under-test.js';

type Environment = Readonly<Record<string, string>>;
type Start = (dataDir: string, env: Environment) => Promise<ServerProcess>;

interface Opening {
  /** One that is empty, where it is not said. */
  readonly dataDir?: string;
  readonly env?: Environment;
  readonly options?: Parameters<typeof PageUnderTest.open>[2];
}

/** A server for each test of a file (the demo, where `start` starts no other), and a page in front of it; both are gone when the test has ended. */
export function serverOfEachTest(start: Start = (dataDir, env) => startServer({ dataDir, env })) {
  const newFolder = tempFolders();
  let browser: Browser;
  let server: ServerProcess;
  let page: PageUnderTest | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  afterEach(async () => {
    await page?.close();
    page = undefined;
    await server.stop();
  });

  return {
    newFolder,
    /** The one that was started last. */
    get server() {
      return server;
    },
    open: async ({ dataDir = newFolder(), env = {}, options }: Opening = {}): Promise<PageUnderTest> => {
      server = await start(dataDir, env);
      page = await PageUnderTest.open(browser, server.url, options);
      return page;
    },
    /** One more page; whoever opens it closes it. */
    openAnother: () => PageUnderTest.open(browser, server.url),
    /** At the address that the page knows. */
    startAgain: async (dataDir: string, env: Environment = {}): Promise<void> => {
      server = await start(dataDir, { ...env, PORT: new URL(server.url).port });
    },
  };
}
