// `npm run screenshots`: takes the README's pictures of the page anew. Needs Chromium: CHROMIUM_PATH, or `chromium` on the path.
import { writeFileSync } from 'node:fs';
import { startServer } from '../bench/support/server.mjs';
import { takePictures } from '../test/support/pictures.mjs';

const pictures = await takePictures((env) => startServer({ env }));
for (const [name, picture] of pictures)
  writeFileSync(new URL(`../docs/${name}.png`, import.meta.url), picture);
