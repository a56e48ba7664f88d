import { expect, it, vi } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import {
  combinedRequest,
  jobExpired,
  jobSucceeded,
  queued,
  started,
  stepInterrupted,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { start } = writeSides();

const never = new AbortController().signal;
const ending = [stepSucceeded(), jobSucceeded()];

/** On another server: a job that has ended leaves its lane and is removed. */
async function vanish(side: WriteSide, jobId: string): Promise<void> {
  await record(side.store, jobStream(jobId), jobExpired());
  await record(side.store, laneStream('household'), released(jobId));
  const [last] = await side.store.read(jobStream(jobId), { direction: 'backwards', limit: 1 });
  await side.store.delete(jobStream(jobId), { expectedRevision: last?.revision ?? 0 });
}

const look = (side: WriteSide, jobId: string) => side.look(jobId, { laneId: 'household' });

it('spares a job that nobody else touches all reads but one', async () => {
  const side = await start(folder());
  const read = vi.spyOn(side.store, 'read');
  const before = side.store.tried.length;
  const jobId = await side.startJob();
  (await side.steps.next()).succeed();
  await side.untilReleased(jobId);

  expect(read.mock.calls.map(([stream]) => stream)).toEqual([laneStream('household')]);
  expect(side.store.tried.slice(before).map(({ types }) => types)).toEqual([
    ['JobAdmitted'],
    ['JobQueued', 'JobStarted', 'StepStarted'],
    ['StepSucceeded', 'JobSucceeded'],
    ['JobReleased'],
  ]);
});

it('does not let a job run out of turn whose lane is remembered from a former life of the job', async () => {
  const side = await start(folder(), { isDeaf: true, othersLive: true });
  await record(side.store, laneStream('household'), admitted('a', syncRequest));
  await record(side.store, jobStream('a'), queued(syncRequest), started(), stepStarted(1, 1, 'another'));
  await look(side, 'a');
  await record(side.store, jobStream('a'), ...ending);
  await vanish(side, 'a');
  await record(
    side.store,
    laneStream('household'),
    admitted('b', combinedRequest),
    admitted('a', syncRequest),
  );
  await record(side.store, jobStream('a'), queued(syncRequest));
  await record(side.store, jobStream('b'), queued(combinedRequest), started(), stepStarted(1, 1, 'another'));
  side.jobs.noticed('a', 100);

  await look(side, 'a');

  expect(await side.history('a')).toEqual(['JobQueued']);
});

it('does not let a job leave its lane because it is remembered from a former life', async () => {
  const side = await start(folder(), { isDeaf: true, othersLive: true });
  await record(side.store, laneStream('household'), admitted('a', syncRequest));
  await record(side.store, jobStream('a'), queued(syncRequest), started(), stepStarted(1, 1, 'another'));
  await record(side.store, jobStream('a'), ...ending);
  // So that its end is remembered and its lane is not.
  await side.jobs.load('a', never);
  await vanish(side, 'a');
  await record(side.store, laneStream('household'), admitted('a', syncRequest));
  await record(side.store, jobStream('a'), queued(syncRequest), started(), stepStarted(1, 1, 'another'));

  await look(side, 'a');

  expect(await side.lane()).toEqual(['a']);
});

it('does not let a command be taken for done because of what is remembered', async () => {
  const side = await start(folder(), { isDeaf: true, othersLive: true });
  await record(side.store, laneStream('household'), admitted('a', syncRequest));
  await record(side.store, jobStream('a'), queued(syncRequest), started(), stepStarted(1, 1, 'another'));
  await look(side, 'a');
  await record(side.store, jobStream('a'), stepInterrupted(), stepStarted(1, 2, 'another'));
  const claim = { step: 1, attempt: 2, runnerId: 'another' };

  const { applied } = await side.sagaHost.command('a', {
    command: { type: 'InterruptStep', at: '2026-03-02T10:00:00.000Z', claim },
    signal: never,
  });

  expect(applied).toBe(true);
});
