// `npm run screenshots`: takes the README's pictures of the page anew, in front of the built server: of its demo, and of a
// server whose Actual cannot be reached. Needs Chromium: CHROMIUM_PATH, or `chromium` on the path.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../bench/support/server.mjs';
import { launchChromium } from '../test/support/chromium.mjs';
import { build } from './build.mjs';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

await build();
const browser = await launchChromium();
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-screenshots-'));
const servers = [];
try {
  await picturesOfDemo();
  await pictureOfFailure();
} finally {
  await browser.close();
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function picturesOfDemo() {
  const url = await serve('demo', { DEMO_INTERVAL_MS: '1000' });
  const page = await open(url, desktop, 'light');
  const { details, rows } = parts(page);
  const steps = details.getByRole('list', { name: 'Steps' });
  let started = 0;
  const run = async (name) => {
    await page.getByRole('button', { name, exact: true }).click();
    // Behind the row with the names of the columns.
    await rows.nth(++started).waitFor();
    await rows.nth(1).getByRole('cell', { name: 'Succeeded', exact: true }).waitFor();
    await rows.nth(1).click();
    await details.getByText('The job succeeded.').waitFor();
  };
  await run('Sync');
  await run('Generate suggestions');
  // Until the demo's other device has bought something, so that the sync has something to tell.
  do await run('Sync and generate');
  while (!(await steps.getByText(/\d transactions? changed in /).isVisible()));
  await details.getByRole('table', { name: 'Suggestions' }).getByRole('row').nth(1).waitFor();
  await take(page, 'page');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, 'page-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await details.getByRole('button', { name: 'Show which' }).click();
  await take(page, 'page-suggestions');
  await page.setViewportSize(phone);
  await details.getByRole('button', { name: 'Close' }).click();
  await take(page, 'page-phone');
}

async function pictureOfFailure() {
  const url = await serve('failure', {
    // Where nobody listens.
    ACTUAL_SERVER_URL: 'http://127.0.0.1:9',
    ACTUAL_PASSWORD: 'secret',
    ACTUAL_SYNC_ID: '4b1e1f6c-3f2a-4a63-9d1e-0c8f3f9d1a11',
    MAX_STEP_ATTEMPTS: '1',
  });
  const page = await open(url, desktop, 'light');
  const { details, rows } = parts(page);
  await page.getByRole('button', { name: 'Sync and generate', exact: true }).click();
  await rows.nth(1).click();
  await details.getByRole('button', { name: 'Retry' }).waitFor({ timeout: 120_000 });
  await take(page, 'page-failure');
}

async function serve(name, env) {
  const server = await startServer({ env: { DATA_DIR: join(folder, name), PORT: '0', ...env } });
  servers.push(server);
  return server.url;
}

async function open(url, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(url);
  return page;
}

function parts(page) {
  return {
    details: page.getByRole('region', { name: 'Job details' }),
    rows: page.getByRole('table', { name: 'Jobs' }).getByRole('row'),
  };
}

async function take(page, name) {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/${name}.png`, import.meta.url)) });
}
