import path from 'node:path';
import express, { type Express } from 'express';
import { contentSecurityPolicy } from './security-headers.js';

const immutable = { immutable: true, maxAge: '1y', index: false, redirect: false } as const;

/** Of a tab in which nothing happens, a job runs, or the last one has failed. */
const icons = ['favicon.svg', 'favicon-running.svg', 'favicon-failed.svg'];

/** The page at `/`, GraphiQL at `/playground` where that is wanted, and the files that both consist of. */
export function servePage(
  app: Express,
  { folder, playground }: { readonly folder: string; readonly playground: boolean },
): void {
  app.use('/assets', contentSecurityPolicy('page'), express.static(path.join(folder, 'assets'), immutable));
  sendDocument(app, '/', path.join(folder, 'index.html'), 'page');
  if (playground) sendDocument(app, '/playground', path.join(folder, 'playground.html'), 'editor');
  for (const icon of icons) {
    app.get(`/${icon}`, (_request, response) => response.sendFile(path.join(folder, icon)));
  }
}

function sendDocument(app: Express, url: string, file: string, policy: 'page' | 'editor'): void {
  app.get(url, contentSecurityPolicy(policy), (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(file);
  });
}
