// The README's pictures of the page that stand still.
import { combinedJobId, failedJobId, jobOfModelId } from './pictured-jobs.mjs';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** How each comes about, by the name of its file: `last` is the button that appears when all else is there, `press` one to press then. */
const pictures = {
  page: { path: `/?job=${combinedJobId}`, last: 'Export as CSV' },
  'page-dark': { path: `/?job=${combinedJobId}`, last: 'Export as CSV', colorScheme: 'dark' },
  'page-suggestions': { path: `/?job=${jobOfModelId}`, last: 'Export as CSV', press: 'Show which' },
  'page-phone': { path: '/', viewport: phone },
  'page-failure': { path: `/?job=${failedJobId}`, last: 'Retry' },
};

export const pictureNames = Object.keys(pictures);

/** `open`: opens a page of the demo as it is pictured. Resolves with PNG files by their names. */
export async function takePictures(open) {
  const taken = new Map();
  for (const [name, how] of Object.entries(pictures)) taken.set(name, await take(open, how));
  return taken;
}

async function take(open, { path, last, press, viewport = desktop, colorScheme = 'light' }) {
  const page = await open(path, { viewport, colorScheme, reducedMotion: 'reduce' });
  if (last) await page.getByRole('button', { name: last }).waitFor();
  if (press) await page.getByRole('button', { name: press }).click();
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await page.context().close();
  return picture;
}
