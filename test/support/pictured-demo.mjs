// The demo as the README's pictures show it: with jobs, clocks and a font that are always the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from './chromium.mjs';
import { recordPastJobs } from './past-jobs.mjs';
import { picturedAt, picturedJobs } from './pictured-jobs.mjs';

/** When the demo was started first, and synced by itself: one of the nights before. */
const firstSyncAt = '2026-11-20T03:00:00Z';

/** What of a letter's look, and of an edge's, is left to the machine otherwise. */
const switches = [
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
];

const require = createRequire(import.meta.url);
const fonts = [
  { name: 'normal 1rem Pictured', file: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf') },
  { name: 'bold 1rem Pictured', file: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf') },
  { name: 'normal 1rem PicturedCode', file: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf') },
];

/**
 * `startServer`: starts the built server with such an environment. `use` gets a function that opens a page of it; all is gone when
 * it has ended.
 */
export async function withPicturedDemo(startServer, use) {
  const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-pictures-'));
  const start = (at) =>
    startServer({
      ...{ DATA_DIR: folder, PORT: '0', CLOCK_AT: at },
      NODE_OPTIONS: `--import=${new URL('clock-of-process.mjs', import.meta.url).href}`,
      // The other device buys something once, soon after the start.
      DEMO_INTERVAL_MS: String(2 ** 31 - 1),
      RETENTION_DAYS: '36500',
    });
  let server;
  let browser;
  try {
    server = await start(firstSyncAt);
    const budgetId = await firstSync(server.url);
    await server.stop();
    await recordPastJobs(folder, picturedJobs(budgetId));
    [server, browser] = await Promise.all([start(picturedAt), launchChromium(...switches)]);
    return await use((path, options) => open(browser, `${server.url}${path}`, options));
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From then on the budget's name is known, and what syncs it again sees what changed. Resolves with the budget's id. */
async function firstSync(url) {
  await ask(url, 'mutation { startJob(input: { type: SYNC }) { created } }');
  while (true) {
    const { jobs } = await ask(url, '{ jobs { nodes { status budget { id } } } }');
    const [{ status, budget }] = jobs.nodes;
    if (status === 'SUCCEEDED') return budget.id;
    await pause(20);
  }
}

async function ask(url, query) {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await answer.json()).data;
}

/** `prepare`: what is to be done before the page is gone to. */
async function open(browser, url, { prepare, ...options }) {
  const context = await browser.newContext({
    ...{ deviceScaleFactor: 1, locale: 'en-GB', timezoneId: 'Europe/London' },
    // The font is none of the page's.
    bypassCSP: true,
    ...options,
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(picturedAt);
  await prepare?.(page);
  await page.goto(url);
  await useOwnFonts(page);
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  await page.getByRole('table', { name: 'Jobs' }).getByRole('cell').first().waitFor();
  return page;
}

async function useOwnFonts(page) {
  const faces = fonts.map(({ name, file }) => {
    const [weight, , family] = name.split(' ');
    const url = `data:font/ttf;base64,${readFileSync(file).toString('base64')}`;
    return `@font-face { font-family: ${family}; font-weight: ${weight}; src: url(${url}); }`;
  });
  const uses = ['body { font-family: Pictured; }', 'code { font-family: PicturedCode; }'];
  await page.addStyleTag({ content: [...faces, ...uses].join('\n') });
  await page.evaluate(
    (names) => Promise.all(names.map((name) => globalThis.document.fonts.load(name))),
    fonts.map(({ name }) => name),
  );
}
