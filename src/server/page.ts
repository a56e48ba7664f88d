import path from 'node:path';
import express, { type Express } from 'express';

const immutable = { immutable: true, maxAge: '1y', index: false, redirect: false } as const;

/**
 * Nothing from anywhere else. GraphiQL's editor puts its styles into the document and compiles in workers;
 * the page itself does neither.
 */
const contentSecurityPolicy = (styles: string) =>
  [
    "default-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The page at `/`, GraphiQL at `/playground` where that is wanted, and the files that both consist of. */
export function servePage(
  app: Express,
  { folder, playground }: { readonly folder: string; readonly playground: boolean },
): void {
  app.use('/assets', express.static(path.join(folder, 'assets'), immutable));
  sendDocument(app, '/', path.join(folder, 'index.html'), contentSecurityPolicy("'self'"));
  if (playground) {
    const file = path.join(folder, 'playground', 'index.html');
    sendDocument(app, '/playground', file, contentSecurityPolicy("'self' 'unsafe-inline'"));
  }
  app.get('/favicon.svg', (_request, response) => response.sendFile(path.join(folder, 'favicon.svg')));
}

function sendDocument(app: Express, url: string, file: string, policy: string): void {
  app.get(url, (_request, response) => {
    response.set({
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-cache',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    response.sendFile(file);
  });
}
