import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const built = new URL('../../dist/ui/', import.meta.url);

it('has less than 150 KB of script in the page, as it is sent', () => {
  const page = readFileSync(new URL('index.html', built), 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="(\.\/assets\/[^"]+\.js)"/g)].map(([, file = '']) =>
    readFileSync(new URL(file, built)),
  );
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.map((script) => gzipSync(script).length).reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeLessThan(150 * 1_024);
});
