import { expect, it } from 'vitest';
import { laneStream } from '../../src/domain/streams.js';
import { admitted, released } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides } from '../support/write-side.js';

const folder = tempFolders();
const { prepare } = writeSides();

it('a lane is cut when it has grown long, up to the oldest job that is still in it', async () => {
  const side = await prepare(folder());
  const past = Array.from({ length: 101 }, (_, index) => [
    admitted(`job-${index}`),
    released(`job-${index}`),
  ]);
  await record(side.store, laneStream('household'), ...past.flat());
  await side.start();

  const jobId = await side.startJob();

  await expect.poll(() => side.laneHistory()).toEqual(['JobAdmitted']);
  expect(await side.lane()).toEqual([jobId]);
  (await side.steps.next()).succeed();
  await side.until(jobId, 'SUCCEEDED');
  await expect.poll(() => side.lane()).toEqual([]);
});
