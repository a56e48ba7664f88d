import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';

/**
 * How many pixels of such a square may be other than they were. Chromium 131 draws the letters that Chromium 156 drew with up to
 * 30 and 59 others, at their edges; a word that is missing or in another colour, or a line that stands elsewhere, makes 74 and more
 * in the larger square, and the dot of "Live" alone 55 in the smaller one.
 */
const limits = [
  { windowSize: 8, pixels: 45 },
  { windowSize: 24, pixels: 66 },
];
/** Of what two colours of the same pixel may be apart, black and white being 1. */
const threshold = 0.1;

/** What of a picture is other than it was, in a sentence that says where to look; null where nothing is that anybody would see. */
export async function differenceOf(name: string, before: Buffer, now: Buffer): Promise<string | null> {
  const [old, taken] = await Promise.all([pixelsOf(before), pixelsOf(now)]);
  const { width, height } = old.info;
  if (width !== taken.info.width || height !== taken.info.height) {
    return `${name} is ${taken.info.width} x ${taken.info.height} in place of ${width} x ${height} pixels.`;
  }
  const differing = Buffer.alloc(old.data.length);
  const counts = limits.map(({ windowSize }) =>
    pixelmatch(old.data, taken.data, differing, width, height, { windowSize, threshold }),
  );
  if (limits.every(({ pixels }, nth) => (counts[nth] ?? 0) <= pixels)) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-difference-'));
  const files = [`${name}.difference.png`, `${name}.png`].map((file) => path.join(folder, file)) as [
    string,
    string,
  ];
  await Promise.all([
    sharp(differing, { raw: { width, height, channels: 4 } }).toFile(files[0]),
    sharp(now).toFile(files[1]),
  ]);
  return `${name} looks other than in docs/: see ${files.join(' and ')}. If it is meant to, npm run screenshots.`;
}

function pixelsOf(png: Buffer) {
  return sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}
