import { describe, expect, it, vi } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import {
  combinedRequest,
  jobSucceeded,
  now,
  queued,
  started,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides } from '../support/write-side.js';

const folder = tempFolders();
const { prepare, start } = writeSides();

describe('a job that is started', () => {
  it('is admitted, queued and claimed, and shown by queries when its start is answered', async () => {
    const side = await start(folder());

    const jobId = await side.startJob();

    expect(side.shownStatus(jobId)).toBe('RUNNING');
    expect(await side.laneHistory()).toEqual(['JobAdmitted']);
    expect(await side.history(jobId)).toEqual(['JobQueued', 'JobStarted', 'StepStarted']);
  });

  it('writes what follows from one another in one append', async () => {
    const side = await start(folder(), { isDeaf: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();

    attempt.succeed();
    await side.until(jobId, 'SUCCEEDED');

    const appends = side.store.tried.filter(({ stream }) => stream === jobStream(jobId));
    expect(appends.map(({ types }) => types)).toEqual([
      ['JobQueued', 'JobStarted', 'StepStarted'],
      ['StepSucceeded', 'JobSucceeded'],
    ]);
  });

  it('leaves its lane when it has ended', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();

    const jobId = await side.startJob({ type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } });

    await side.until(jobId, 'SUCCEEDED');
    await expect.poll(() => side.lane()).toEqual([]);
  });

  it('runs its steps in order, each by itself after the one before', async () => {
    const side = await start(folder());
    const jobId = await side.startJob({ type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } });

    (await side.steps.next()).succeed();
    const second = await side.steps.next();

    expect(second.context).toMatchObject({ jobId, attempt: 1, input: { batch: { allUncategorized: true } } });
    second.succeed();
    await side.until(jobId, 'SUCCEEDED');
  });
});

describe('jobs of one budget', () => {
  const other = { type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } };

  it('run one at a time, in the order of their starts', async () => {
    const side = await start(folder());
    const first = await side.startJob();
    const second = await side.startJob(other);
    const third = await side.startJob({}, 'bert');
    expect(side.shownStatus(second)).toBe('QUEUED');

    (await side.steps.next()).succeed();
    await side.until(first, 'SUCCEEDED');
    (await side.steps.next()).succeed();
    (await side.steps.next()).succeed();
    await side.until(second, 'SUCCEEDED');
    (await side.steps.next()).succeed();
    await side.until(third, 'SUCCEEDED');

    expect(side.steps.startedJobIds).toEqual([first, second, second, third]);
  });

  it('run beside those of another budget', async () => {
    const side = await start(folder());

    const here = await side.startJob();
    const there = await side.startJob({ budgetId: 'business' });

    expect([side.shownStatus(here), side.shownStatus(there)]).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('a job that is active already', () => {
  it('is the answer, by default', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    expect(await side.tryStart()).toEqual({ jobId, created: false });
    expect(await side.laneHistory()).toEqual(['JobAdmitted']);
  });

  it('refuses another one where that is wanted, and is named', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();

    expect(await side.tryStart({ onConflict: 'REJECT' })).toEqual({
      refused: true,
      code: 'JOB_ALREADY_ACTIVE',
      message: 'This job is already active.',
      jobId,
    });
    expect(await side.laneHistory()).toEqual(['JobAdmitted']);
  });

  it('is followed by one more where that is wanted: ten clicks make one running and one next', async () => {
    const side = await start(folder());
    const clicks = Array.from({ length: 10 }, () => side.startJob({ onConflict: 'QUEUE' }));

    const jobIds = new Set(await Promise.all(clicks));

    expect(jobIds.size).toBe(2);
    expect(new Set(await side.lane())).toEqual(jobIds);
    expect([...jobIds].map((jobId) => side.shownStatus(jobId)).sort()).toEqual(['QUEUED', 'RUNNING']);
  });

  it('is made once however many ask at the same time', async () => {
    const side = await start(folder());

    const answers = await Promise.all(Array.from({ length: 10 }, () => side.tryStart()));

    expect(answers.filter((each) => 'created' in each && each.created)).toHaveLength(1);
    expect(await side.lane()).toHaveLength(1);
  });
});

describe('an admission whose job was never queued, because of a crash', () => {
  const crashed = 'job-of-a-crash';

  it('is repaired after the start, and the job runs', async () => {
    const side = await prepare(folder());
    await record(side.store, laneStream('household'), admitted(crashed, combinedRequest));
    side.steps.succeedAtOnce();

    await side.start();

    await side.until(crashed, 'SUCCEEDED');
    expect(await side.job(crashed)).toMatchObject({ request: combinedRequest });
  });

  it.each(['RETURN_EXISTING', 'REJECT'] as const)(
    'is repaired by a start that is answered with it: %s',
    async (onConflict) => {
      const side = await start(folder(), { isDeaf: true });
      await record(side.store, laneStream('household'), admitted(crashed, syncRequest));

      expect(await side.tryStart({ onConflict })).toMatchObject({ jobId: crashed });

      expect(side.shownStatus(crashed)).toBe('RUNNING');
    },
  );

  it('is shown when it is the answer, even if another server let it begin, end and leave meanwhile', async () => {
    const side = await start(folder(), { isDeaf: true });
    await record(side.store, laneStream('household'), admitted(crashed, syncRequest));
    const loadLane = side.lanes.load.bind(side.lanes);
    vi.spyOn(side.lanes, 'load')
      .mockImplementationOnce(loadLane)
      .mockImplementationOnce(loadLane)
      .mockImplementationOnce(async (...lane) => {
        const wholeLife = [queued(syncRequest), started(), stepStarted(), stepSucceeded(), jobSucceeded()];
        await record(side.store, jobStream(crashed), ...wholeLife);
        await record(side.store, laneStream('household'), released(crashed));
        return loadLane(...lane);
      });

    expect(await side.tryStart()).toEqual({ jobId: crashed, created: false });

    expect(side.shownStatus(crashed)).toBe('SUCCEEDED');
  });
});

describe('a job whose budget is no longer configured', () => {
  it('fails when its turn comes, and the next one has its turn', async () => {
    const side = await prepare(folder(), { budgetIds: ['business'] });
    await record(side.store, laneStream('household'), admitted('a'), admitted('b', combinedRequest));

    await side.start();

    await side.until('a', 'FAILED');
    await side.until('b', 'FAILED');
    expect(await side.history('b')).toEqual(['JobQueued', 'StepFailed', 'StepSkipped', 'JobFailed']);
    expect(await side.job('a')).toMatchObject({ failure: { code: 'ACTUAL_BUDGET_NOT_FOUND' } });
    await expect.poll(() => side.lane()).toEqual([]);
  });

  it('is not started at all', async () => {
    const side = await start(folder(), { budgetIds: ['business'] });
    expect(await side.tryStart()).toMatchObject({ refused: true, code: 'UNKNOWN_BUDGET' });
  });
});

it('dates nothing before what came before it', async () => {
  const side = await prepare(folder(), { clockOffsetMs: Date.parse('2020-01-01') - Date.now() });
  await record(side.store, laneStream('household'), admitted('a'));
  side.steps.succeedAtOnce();
  await side.start();
  const jobId = await side.startJob({ onConflict: 'QUEUE' });
  const lane = await side.store.read(laneStream('household'));
  expect(lane.map(({ data }) => data?.at)).toEqual(lane.map(() => now));
  await side.until(jobId, 'SUCCEEDED');
});
