// How long after one goes to the page its list of jobs is in sight, in Chromium with its CPU throttled 4 times and nothing in its
// cache, against the 1 s that it may take; beside it, when the browser painted anything, and both without throttling. Does not
// measure: a network (it all stays on one machine), the server's own work under load, a phone's GPU, or other browsers. What else
// runs on the machine counts in full: take the best of the medians of several runs. Needs Chromium: CHROMIUM_PATH, or `chromium`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../test/support/chromium.mjs';
import { recordPastJobs } from '../test/support/past-jobs.mjs';
import { startServer } from './support/server.mjs';
import { median, ms, percentile, verdict } from './support/statistics.mjs';

const samples = 15;
const warmUp = 2;
const jobs = 1_000;
const minuteMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));

const browser = await launchChromium();
let server;
try {
  const budgetId = 'household';
  const createdAt = (n) => new Date(Date.now() - (jobs - n) * minuteMs).toISOString();
  await recordPastJobs(
    folder,
    Array.from({ length: jobs }, (_, n) => ({ budgetId, createdAt: createdAt(n) })),
  );
  // Where nobody listens.
  const actual = { ACTUAL_SERVER_URL: 'http://127.0.0.1:9', ACTUAL_PASSWORD: 'x', ACTUAL_SYNC_ID: budgetId };
  server = await startServer({ env: { DATA_DIR: folder, PORT: '0', ...actual } });
  let throttled = 0;
  for (const slowdown of [1, 4]) {
    const times = [];
    for (let sample = -warmUp; sample < samples; sample++) {
      const time = await visit(slowdown);
      if (sample >= 0) times.push(time);
    }
    const [lists, paints] = ['list', 'paint'].map((name) => times.map((time) => time[name]));
    throttled = median(lists);
    console.log(
      `CPU / ${slowdown}: the list after ${ms(throttled)} (p90 ${ms(percentile(lists, 0.9))}), anything after ${ms(median(paints))}`,
    );
  }
  verdict(`the list, CPU / 4, of what it may take`, throttled / 1_000, 1);
} finally {
  await browser.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function visit(slowdown) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(() => {
    const { MutationObserver, document, requestAnimationFrame } = globalThis;
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector('tbody tr')) return;
      observer.disconnect();
      // Behind the frame that paints it.
      requestAnimationFrame(() => setTimeout(() => (globalThis.listSeenAt = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.listSeenAt !== undefined);
  const time = await page.evaluate(() => ({
    list: globalThis.listSeenAt,
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  }));
  await context.close();
  return time;
}
