import type { BrowserContextOptions, Page } from 'playwright-core';

interface Server {
  readonly url: string;
  readonly stop: () => Promise<unknown>;
}

type Environment = Readonly<Record<string, string>> & { readonly DATA_DIR: string };

export type Open = (
  path: string,
  options: BrowserContextOptions & { readonly prepare?: (page: Page) => Promise<void> },
) => Promise<Page>;

export function withPicturedDemo<T>(
  startServer: (env: Environment) => Promise<Server>,
  use: (open: Open) => Promise<T>,
): Promise<T>;
