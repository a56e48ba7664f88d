import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { withPicturedDemo } from '../support/pictured-demo.mjs';
import { pictureNames, takePictures } from '../support/pictures.mjs';
import { startServer } from '../support/server-process.js';
import { differenceOf } from './picture-difference.js';

/** What the README shows is what the page looks like. */

let taken: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  taken = await withPicturedDemo(
    ({ DATA_DIR, ...env }) => startServer({ dataDir: DATA_DIR, env }),
    takePictures,
  );
});

it.each(pictureNames)('looks as it does in docs/%s.png', async (name) => {
  const before = await readFile(new URL(`../../docs/${name}.png`, import.meta.url));
  expect(await differenceOf(name, before, taken.get(name) ?? Buffer.alloc(0))).toBeNull();
});
