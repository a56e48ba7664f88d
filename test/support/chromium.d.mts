import type { Browser } from 'playwright-core';

export function launchChromium(...switches: readonly string[]): Promise<Browser>;
