import { describe, expect, it } from 'vitest';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { MalformedEventError } from '../../src/eventstore/malformed-event-error.js';
import { after, Gate, landedUnnoticed, lost } from '../support/faulty-event-store.js';
import {
  answers,
  cancelRequested,
  combinedRequest,
  queued,
  started,
  stepInterrupted,
  stepStarted,
  syncRequest,
} from '../support/job-history.js';
import { admitted } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { answered } from '../support/steps-by-hand.js';
import { tempFolders } from '../support/temp-folder.js';
import { writeSides, type WriteSide } from '../support/write-side.js';

const folder = tempFolders();
const { prepare, start, close } = writeSides();

const combined = { type: 'SYNC_AND_GENERATE', batch: { allUncategorized: true } };
const wholeHistory = ['JobQueued', 'JobStarted', 'StepStarted', 'StepSucceeded', 'JobSucceeded'];

const syncRequestOf = (budgetId: string) => ({ ...syncRequest, budgetId });

/** The ids with which this was tried to be appended, attempt by attempt. */
function idsTried(side: WriteSide, ...types: readonly string[]): readonly string[] {
  const attempts = side.store.tried.filter((tried) => tried.types.join() === types.join());
  return attempts.map(({ ids }) => ids.join());
}

describe('an append whose outcome is unknown', () => {
  const appends: [string, ...string[]][] = [
    ['JobAdmitted'],
    ['JobQueued', 'JobStarted', 'StepStarted'],
    ['StepSucceeded', 'JobSucceeded'],
    ['JobReleased'],
  ];

  describe.each([
    ['was lost', lost],
    ['has landed', landedUnnoticed],
  ])('and %s', (_what, course) => {
    it.each(appends)('is repeated with the same ids, and happens once: %s', async (...types) => {
      const side = await start(folder(), { isDeaf: true });
      side.steps.succeedAtOnce();
      side.store.onAppendOf(types[0], course);

      const jobId = await side.startJob();

      await side.until(jobId, 'SUCCEEDED');
      await expect.poll(() => side.laneHistory()).toEqual(['JobAdmitted', 'JobReleased']);
      expect(await side.history(jobId)).toEqual(wholeHistory);
      // What has landed is seen before it is repeated.
      await expect.poll(() => idsTried(side, ...types)).toHaveLength(2);
      expect(new Set(idsTried(side, ...types)).size).toBe(1);
      expect(side.steps.startedJobIds).toEqual([jobId]);
    });
  });
});

describe('an append that is slow', () => {
  it('of a claim does not let anybody take the step for abandoned when its event is seen first', async () => {
    const side = await start(folder());
    const gate = new Gate();
    side.store.onAppendOf('StepStarted', gate.beforeAcknowledgement);
    const starting = side.startJob();
    await gate.reached;
    const [jobId = ''] = await side.lane();

    // Whoever saw the claim looks at the job meanwhile.
    await side.look(jobId, { knowledge: 'DOUBTED' });
    gate.open();

    expect(await starting).toBe(jobId);
    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
    expect(await side.history(jobId)).toEqual(wholeHistory);
  });

  it('of a first event may find the job queued, done and gone already', async () => {
    const side = await start(folder());
    side.steps.succeedAtOnce();
    const gate = new Gate();
    side.store.onAppendOf('JobQueued', gate.beforeAppend);
    const starting = side.tryStart();
    await gate.reached;
    const [queuing = ''] = await side.lane();
    side.sagaHost.lookAt(queuing, { laneId: 'household', knowledge: 'DOUBTED' });
    await expect.poll(() => side.laneHistory()).toEqual(['JobAdmitted', 'JobReleased']);

    gate.open();

    const { jobId } = (await starting) as { jobId: string };
    expect(await starting).toEqual({ jobId, created: true });
    expect(await side.history(jobId)).toEqual(wholeHistory);
  });
});

describe('a race that is lost', () => {
  it('is decided again: the batch is recorded under the same claim', async () => {
    const side = await start(folder(), { isDeaf: true });
    side.steps.areStubborn = true;
    const jobId = await side.startJob(combined);
    (await side.steps.next()).succeed();
    const attempt = await side.steps.next();
    // On another server.
    side.store.onAppendOf(
      'StepAdvanced',
      after(() => record(side.store, jobStream(jobId), cancelRequested())),
    );

    await attempt.context.advance(answered(1)).catch(() => undefined);

    expect((await side.history(jobId)).slice(-2)).toEqual(['CancelRequested', 'StepAdvanced']);
    attempt.crash(new Error('stopped'));
    await side.until(jobId, 'CANCELED');
    expect(await side.job(jobId)).toMatchObject({ steps: [{}, { progress: [answers(1)] }] });
  });

  it('is decided again: the claim of a job that left its lane and came back is not run out of turn', async () => {
    const side = await start(folder(), { isDeaf: true });
    const jobId = await side.startJob();
    const attempt = await side.steps.next();
    side.store.onAppendOf(
      'StepSucceeded',
      after(() => record(side.store, jobStream(jobId), stepInterrupted())),
    );

    attempt.succeed();

    expect((await side.steps.next()).context.attempt).toBe(2);
    expect(await side.history(jobId)).not.toContain('StepSucceeded');
  });
});

describe('while there is no connection', () => {
  it('a command is answered in time, as not available', async () => {
    const side = await prepare(folder(), { commandTimeoutMs: 20 });
    await record(side.store, laneStream('household'), admitted('a', combinedRequest));
    await record(side.store, jobStream('a'), queued());
    await side.start();
    await side.steps.next();
    side.store.cutOff();

    const commands = [
      side.tryStart(),
      side.tryStart({ idempotencyKey: 'key' }),
      side.service.cancel('anna', 'a'),
      side.service.retry('anna', 'a'),
    ];

    for (const command of commands) await expect(command).rejects.toThrow(EventStoreUnavailableError);
    expect(side.shownStatus('a')).toBe('RUNNING');
    side.store.reconnect();
  });

  it('any number of jobs may wait for it, and nobody takes that for a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const jobIds = Array.from({ length: 30 }, (_, index) => `job-${index}`);
    const side = await prepare(folder(), { slots: 30, budgetIds: jobIds });
    for (const jobId of jobIds) {
      await record(side.store, laneStream(jobId), admitted(jobId, syncRequestOf(jobId)));
      await record(side.store, jobStream(jobId), queued(syncRequestOf(jobId)));
    }
    await side.start();
    const attempts = await Promise.all(jobIds.map(() => side.steps.next()));
    side.store.cutOff();
    for (const attempt of attempts) attempt.succeed();
    await expect.poll(() => side.store.refused).toBeGreaterThan(60);
    side.store.reconnect();

    await Promise.all(jobIds.map((jobId) => side.until(jobId, 'SUCCEEDED')));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('a start may ask about any number of jobs that could answer it, and nobody takes that for a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const side = await prepare(folder(), { commandTimeoutMs: 200 });
    const jobIds = Array.from({ length: 15 }, (_, index) => `job-${index}`);
    await record(side.store, laneStream('household'), ...jobIds.map((id) => admitted(id, combinedRequest)));
    side.store.cutOffAtReadOf('job-');

    await expect(side.tryStart(combined)).rejects.toThrow(EventStoreUnavailableError);

    expect(side.store.refused).toBeGreaterThanOrEqual(jobIds.length);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('whoever waits for an answer gets one when the process is to end', async () => {
    const side = await start(folder());
    const jobId = await side.startJob();
    await side.steps.next();
    side.store.cutOff();
    const commands = [side.tryStart({ budgetId: 'business' }), side.service.cancel('anna', jobId)];

    side.service.giveUp();

    for (const command of commands) await expect(command).rejects.toThrow(EventStoreUnavailableError);
    side.store.reconnect();
  });

  it('a step goes on, and what it achieves is recorded when the connection is back', async () => {
    const side = await start(folder());
    const jobId = await side.startJob(combined);
    (await side.steps.next()).succeed();
    const attempt = await side.steps.next();
    side.store.cutOff();
    const advanced = attempt.context.advance(answered(1));

    side.store.reconnect();
    await advanced;
    side.store.cutOff();
    attempt.succeed();
    side.store.reconnect();

    await side.until(jobId, 'SUCCEEDED');
    expect(await side.history(jobId)).not.toContain('StepInterrupted');
  });

  it('a server can be stopped; the next one goes on', async () => {
    const shared = folder();
    const before = await start(shared);
    before.steps.areStubborn = true;
    const jobId = await before.startJob();
    const attempt = await before.steps.next();
    before.store.cutOff();
    attempt.succeed();
    await close(before);

    const side = await start(shared);

    (await side.steps.next()).succeed();
    await side.until(jobId, 'SUCCEEDED');
  });
});

describe('an event that cannot be read', () => {
  const fromTheFuture = { ...started(), v: 2 } as unknown as ReturnType<typeof started>;

  it('is not skipped: nothing is decided about its job', async () => {
    const side = await start(folder(), { isDeaf: true });
    await record(side.store, laneStream('household'), admitted('a', combinedRequest));
    await record(side.store, jobStream('a'), queued(), fromTheFuture, stepStarted());

    side.sagaHost.lookAt('a', { laneId: 'household' });

    await expect
      .poll(() => side.logged)
      .toContainEqual(expect.objectContaining({ level: 'error', message: 'A look failed' }));
    await expect(side.service.cancel('anna', 'a')).rejects.toThrow(MalformedEventError);
    await expect(side.service.cancel('anna', 'a')).rejects.toThrow(
      'Event 1 of stream job-a (JobStarted) cannot be read',
    );
    expect(await side.history('a')).toHaveLength(3);
    expect(side.steps.startedJobIds).toEqual([]);
  });

  it('is not skipped in a lane: nobody is admitted', async () => {
    const side = await start(folder(), { isDeaf: true });
    await record(side.store, laneStream('household'), fromTheFuture);

    await expect(side.tryStart()).rejects.toThrow(MalformedEventError);

    expect(await side.laneHistory()).toHaveLength(1);
  });

  it('keeps the server from becoming ready', async () => {
    const side = await prepare(folder());
    await record(side.store, laneStream('household'), admitted('a', combinedRequest));
    await record(side.store, jobStream('a'), queued(), fromTheFuture);

    await expect(side.start()).rejects.toThrow('Event 1 of stream job-a (JobStarted) cannot be read');
  });
});
