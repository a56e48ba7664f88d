import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** A page of the server, by the roles and names that are promised. */
export class PageUnderTest {
  readonly page: Page;
  readonly #complaints: string[];

  private constructor(page: Page, complaints: string[]) {
    this.page = page;
    this.#complaints = complaints;
  }

  /** In a browser context of its own; `now`: what its clock says at first. */
  static async open(
    browser: Browser,
    url: string,
    { now, ...options }: BrowserContextOptions & { readonly now?: string } = {},
  ): Promise<PageUnderTest> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-US',
      ...options,
    });
    const page = await context.newPage();
    if (now !== undefined) await page.clock.install({ time: now });
    const complaints = listenForComplaints(page, url);
    await page.goto(url);
    return new PageUnderTest(page, complaints);
  }

  /** Errors in the console, and requests to anybody but the server. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  get status(): Locator {
    return this.page.getByRole('status');
  }

  get table(): Locator {
    return this.page.getByRole('table', { name: 'Jobs' });
  }

  /** Without the one that has the names of the columns. */
  get rows(): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('cell') });
  }

  /** Which jobs are shown, in their order, and how they are; without times, which go on. */
  async shownJobs(): Promise<readonly string[]> {
    const rows = await this.rows.all();
    return Promise.all(
      rows.map(async (row) => {
        const name = await row.getByRole('button').getAttribute('aria-label');
        return `${name} ${await row.locator('.status').innerText()}`;
      }),
    );
  }

  get newestRow(): Locator {
    return this.rows.first();
  }

  get details(): Locator {
    return this.page.getByRole('region', { name: 'Job details' });
  }

  get suggestions(): Locator {
    return this.details
      .getByRole('table', { name: 'Suggestions' })
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell') });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async waitUntil(status: 'Live' | 'Reconnecting…' | 'Offline'): Promise<void> {
    await this.status.getByText(status, { exact: true }).waitFor();
  }

  /** Waits until the newest job is one of this type and has this status. */
  async waitForNewest(type: string, status: string): Promise<void> {
    await this.newestRow
      .filter({ has: this.page.getByRole('cell', { name: type, exact: true }) })
      .filter({ has: this.page.getByRole('cell', { name: status, exact: true }) })
      .waitFor();
  }

  /** How far the page can be scrolled sideways, in pixels. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

function listenForComplaints(page: Page, url: string): string[] {
  const complaints: string[] = [];
  const { host } = new URL(url);
  const check = (address: string) => {
    const { protocol, host: asked } = new URL(address);
    if (protocol !== 'data:' && protocol !== 'blob:' && asked !== host) complaints.push(`asked ${address}`);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => check(socket.url()));
  return complaints;
}
