// `npm run screenshots`: takes the README's picture of the page anew, in front of the built server and its demo.
// Needs Chromium: CHROMIUM_PATH, or `chromium` on the path.
import { execSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startServer } from '../bench/support/server.mjs';
import { build } from './build.mjs';

await build();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? execSync('command -v chromium', { encoding: 'utf8' }).trim(),
  args: ['--no-sandbox', '--disable-gpu'],
});
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-screenshots-'));
const server = await startServer({ env: { DATA_DIR: folder, PORT: '0', DEMO_INTERVAL_MS: '1000' } });
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    locale: 'en-GB',
  });
  await page.goto(server.url);
  const details = page.getByRole('region', { name: 'Job details' });
  const steps = details.getByRole('list', { name: 'Steps' });
  const rows = page.getByRole('table', { name: 'Jobs' }).getByRole('row');
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
  await details.getByRole('list', { name: 'Suggestions' }).getByRole('listitem').first().waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL('../docs/page.png', import.meta.url)) });
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
