// The README's pictures of the page: of the demo, with jobs, a clock and a font that are always the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from './chromium.mjs';
import { recordPastJobs } from './past-jobs.mjs';
import { combinedJobId, failedJobId, jobOfModelId, picturedAt, picturedJobs } from './pictured-jobs.mjs';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** How each comes about, by the name of its file: `last` is the button that appears when all else is there, `press` one to press then. */
const pictures = {
  page: { path: `/?job=${combinedJobId}`, last: 'Export as CSV' },
  'page-dark': { path: `/?job=${combinedJobId}`, last: 'Export as CSV', colorScheme: 'dark' },
  'page-suggestions': { path: `/?job=${jobOfModelId}`, last: 'Export as CSV', press: 'Show which' },
  'page-phone': { path: '/', viewport: phone },
  'page-failure': { path: `/?job=${failedJobId}`, last: 'Retry' },
};

export const pictureNames = Object.keys(pictures);

/** What of a letter's look is left to the machine otherwise. */
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

/** `startServer`: starts the built server with such an environment. Resolves with PNG files by their names. */
export async function takePictures(startServer) {
  const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-pictures-'));
  // The demo's other device buys nothing meanwhile.
  const env = { DATA_DIR: folder, PORT: '0', DEMO_INTERVAL_MS: String(2 ** 31 - 1), RETENTION_DAYS: '36500' };
  let server;
  let browser;
  try {
    server = await startServer(env);
    const budgetId = await idOfNamedBudget(server.url);
    await server.stop();
    await recordPastJobs(folder, picturedJobs(budgetId));
    [server, browser] = await Promise.all([startServer(env), launchChromium(...switches)]);
    const taken = new Map();
    for (const [name, how] of Object.entries(pictures)) taken.set(name, await take(browser, server.url, how));
    return taken;
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its name is kept from then on. */
async function idOfNamedBudget(url) {
  while (true) {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ budgets { id name } }' }),
    });
    const [{ id, name }] = (await answer.json()).data.budgets;
    if (name !== id) return id;
    await pause(50);
  }
}

async function take(browser, url, { path, last, press, viewport = desktop, colorScheme = 'light' }) {
  const context = await browser.newContext({
    ...{ viewport, colorScheme, deviceScaleFactor: 1, reducedMotion: 'reduce' },
    ...{ locale: 'en-GB', timezoneId: 'Europe/London', bypassCSP: true },
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(picturedAt);
  await page.goto(`${url}${path}`);
  await useOwnFonts(page);
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  await page.getByRole('table', { name: 'Jobs' }).getByRole('cell').first().waitFor();
  if (last) await page.getByRole('button', { name: last }).waitFor();
  if (press) await page.getByRole('button', { name: press }).click();
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await context.close();
  return picture;
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
