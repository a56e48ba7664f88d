// The browser of tests, benchmarks and pictures: CHROMIUM_PATH, or Chromium as it is on the path; each launch has a profile of its
// own, which is removed at its end.
import { execSync } from 'node:child_process';
import { chromium } from 'playwright-core';

export function launchChromium(...switches) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? execSync('command -v chromium', { encoding: 'utf8' }).trim(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...switches,
    ],
  });
}
