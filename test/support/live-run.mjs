// The README's picture of a job from click to end, as it is shown live, so slowly that one can follow it. It tells when and how long
// the job really ran, so it is another each time.
import sharp from 'sharp';

const viewport = { width: 1100, height: 620 };
const frameMs = 100;
/** How long each state of the job is looked at, and what comes of it. */
const stateMs = 900;
const endMs = 4_000;

/** `open`: opens a page of the demo as it is pictured. Resolves with a WebP file. */
export async function filmLiveRun(open) {
  const held = heldUpdates();
  const page = await open('/', { viewport, prepare: held.hold });
  const frames = [];
  const show = async (ms) => {
    const moves = await page.evaluate(() => globalThis.document.getAnimations().length > 0);
    const count = moves ? ms / frameMs : 1;
    for (let nth = 0; nth < count; nth++) {
      await page.evaluate((at) => {
        for (const animation of globalThis.document.getAnimations()) {
          animation.pause();
          animation.currentTime = at;
        }
      }, frames.length * frameMs);
      frames.push({ picture: await page.screenshot({ caret: 'hide' }), ms: ms / count });
    }
  };

  await page.mouse.move(0, 0);
  await show(stateMs);
  const start = page.getByRole('button', { name: 'Sync and generate', exact: true });
  await start.hover();
  await show(stateMs);
  await start.click();
  const newest = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
  await newest.getByText('Just now').first().waitFor();
  const text = () => newest.innerText();
  let shown = await text();
  await show(stateMs);
  while (!/Succeeded|Failed/.test(shown)) {
    await held.release(page);
    if ((await text()) === shown) continue;
    shown = await text();
    await show(stateMs);
  }
  // As where the other device of the demo has bought nothing yet.
  if (!/\d transactions? changed/.test(shown))
    throw new Error(`Take the pictures once more, the demo was not ready: ${shown}`);
  held.letGo();
  await newest.click();
  await page.getByRole('button', { name: 'Export as CSV' }).waitFor();
  await page.mouse.move(0, 0);
  await show(endMs);
  await page.context().close();
  return sharp(
    frames.map(({ picture }) => picture),
    { join: { animated: true } },
  )
    .webp({ lossless: true, effort: 6, loop: 0, delay: frames.map(({ ms }) => ms) })
    .toBuffer();
}

/** What the server says of jobs, let through one update after the other, and freely at the end. */
function heldUpdates() {
  const waiting = [];
  let toPage;
  let isHeld = true;
  return {
    hold: (page) =>
      page.routeWebSocket(/\/graphql$/, (socket) => {
        toPage = socket;
        socket.connectToServer().onMessage((message) => {
          if (isHeld && message.includes('"type":"next"')) waiting.push(message);
          else socket.send(message);
        });
      }),
    /** Resolves when the page has had the time to draw it. */
    release: async (page) => {
      const update = waiting.shift();
      if (update) toPage.send(update);
      await page.waitForTimeout(100);
    },
    letGo: () => {
      isHeld = false;
      for (const update of waiting.splice(0)) toPage.send(update);
    },
  };
}
