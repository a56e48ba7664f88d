// `npm run screenshots`: takes the README's pictures of the page anew. Needs Chromium: CHROMIUM_PATH, or `chromium` on the path.
import { writeFileSync } from 'node:fs';
import { startServer } from '../bench/support/server.mjs';
import { filmLiveRun } from '../test/support/live-run.mjs';
import { withPicturedDemo } from '../test/support/pictured-demo.mjs';
import { takePictures } from '../test/support/pictures.mjs';

await withPicturedDemo(
  (env) => startServer({ env }),
  async (open) => {
    for (const [name, picture] of await takePictures(open)) write(`${name}.png`, picture);
    write('live-run.webp', await filmLiveRun(open));
  },
);

function write(file, content) {
  writeFileSync(new URL(`../docs/${file}`, import.meta.url), content);
}
