import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobEvent } from '../../src/domain/job-events.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore } from '../support/faulty-event-store.js';
import { budget, owner, queued, syncRequest } from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { LogWithGaps } from '../support/log-with-gaps.js';
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
/** More than are remembered. */
const ids = Array.from({ length: 30 }, (_, n) => `job-${n}`);

let folder: string;
let store: EventStore;
let log: LogWithGaps;

beforeEach(async () => {
  folder = tempFolder();
  store = await openSqliteEventStore({ file: `${folder}/events.sqlite` });
  log = new LogWithGaps(store);
});

afterEach(() => store.close());

const deleteJobs = () => Promise.all(ids.map((id) => store.delete(jobStream(id), { expectedRevision: 0 })));
const queueJobs = () => Promise.all(ids.map((id) => record(store, jobStream(id), queued(syncRequest))));
const admitJobs = () =>
  record(store, laneStream(budget), ...ids.flatMap((id) => [admitted(id), released(id)]));

/** Resolves when what happens after the gap is applied. */
async function goesOnAfterAGap(readSide: ReturnType<typeof openReadSide>): Promise<void> {
  await log.loseConnection();
  await readSide.projector.caughtUpTo(await record(store, jobStream('later'), queued(syncRequest)));
  expect(readSide.projector.state.status).toBe('LIVE');
}

describe('a log that is followed again after a gap', () => {
  it('counts as behind from then until all that was missed is applied', async () => {
    const faulty = new FaultyEventStore(store);
    log = new LogWithGaps(faulty);
    const readSide = openReadSide(log, folder);
    await readSide.projector.start();
    expect(readSide.projector.behindMs).toBe(0);

    const gate = faulty.holdUpAfter(0);
    const caughtUp = log.loseConnection();
    await gate.reached;
    expect(readSide.projector.behindMs).toBeGreaterThan(0);
    expect(readSide.projector.state.status).toBe('LIVE');

    gate.open();
    await caughtUp;
    await expect.poll(() => readSide.projector.behindMs).toBe(0);
    await readSide.close();
  });
});

describe('a log whose jobs have all expired at once', () => {
  const courses = [
    ['after the last events of its lane', [admitJobs, queueJobs]],
    ['before the last events of its lane', [queueJobs, admitJobs]],
  ] as const;

  it.each(courses)('is known again at the next start: jobs that began %s', async (_when, happenings) => {
    for (const happen of happenings) await happen();
    const before = openReadSide(log, folder);
    await before.projector.start();
    before.database.run("UPDATE jobs SET status = 'KEPT'");
    await before.close();
    await deleteJobs();

    const readSide = openReadSide(log, folder);
    await readSide.projector.start();

    expect(readSide.reader.job(owner, 'job-0')).toMatchObject({ status: 'KEPT' });
    await readSide.close();
  });

  it.each(courses)('is known again after a gap: jobs that began %s', async (_when, happenings) => {
    for (const happen of happenings) await happen();
    const readSide = openReadSide(log, folder);
    await readSide.projector.start();
    await deleteJobs();

    await goesOnAfterAGap(readSide);

    await readSide.close();
  });
});

describe('a log of which nothing is left by which it could be known', () => {
  beforeEach(queueJobs);

  it('is followed further after a gap', async () => {
    const readSide = openReadSide(log, folder);
    await readSide.projector.start();
    await deleteJobs();

    await goesOnAfterAGap(readSide);

    await readSide.close();
  });

  it('is read anew at the next start', async () => {
    const before = openReadSide(log, folder);
    await before.projector.start();
    await before.close();
    await deleteJobs();

    const readSide = openReadSide(log, folder);
    await readSide.projector.start();

    expect(readSide.reader.countJobs(owner, {})).toBe(0);
    await readSide.close();
  });
});

describe('another log in the place of the one that is followed', () => {
  let restored: EventStore;
  let onIgnored: () => void;

  beforeEach(async () => {
    restored = await openSqliteEventStore({ file: `${folder}/restored.sqlite` });
    await record(store, laneStream(budget), admitted('a'));
    await record(restored, laneStream(budget), admitted('b'));
    await record(restored, jobStream('b'), queued(syncRequest));
  });

  afterEach(() => restored.close());

  it('ends a read side that is up to date, which applies nothing of it', async () => {
    const readSide = openReadSide(log, folder);
    await readSide.projector.start();

    void log.loseConnection(restored);

    await expect.poll(() => readSide.projector.state).toMatchObject({ error: { code: 'OTHER_LOG' } });
    expect(readSide.reader.job(owner, 'b')).toBeNull();
    await readSide.close();
  });

  it('is read anew where not all of the one before had been read', async () => {
    const held = new FaultyEventStore(store);
    const gate = held.holdUpAfter(1);
    log = new LogWithGaps(held);
    const readSide = openReadSide(log, folder);
    const live = readSide.projector.start();
    await gate.reached;

    void log.loseConnection(restored);
    await live;

    expect(readSide.directory.occupiedLanes()).toEqual([{ budgetId: budget, jobIds: ['b'] }]);
    expect(readSide.reader.job(owner, 'b')).not.toBeNull();
    await readSide.close();
  });

  it('is read whole, whatever was passed by of the one before', async () => {
    const strange = jobStream('strange');
    await record(store, strange, { ...queued(syncRequest), v: 2 } as unknown as JobEvent);
    const read = store.read.bind(store);
    // Removed from its stream, and in the log still.
    store.read = async (stream, options) => (stream === strange ? [] : read(stream, options));
    const held = new FaultyEventStore(store);
    log = new LogWithGaps(held);
    const atTheEnd = new Promise<void>((resolve) => {
      onIgnored = () => resolve(held.holdUpAfter(1).reached);
    });
    const readSide = openReadSide(log, folder, { onIgnored: () => onIgnored() });
    const live = readSide.projector.start();
    await atTheEnd;

    void log.loseConnection(restored);
    await live;

    expect(readSide.reader.job(owner, 'b')).not.toBeNull();
    await readSide.close();
  });

  it('is not what a node seems to hold that is a little behind', async () => {
    const readSide = openReadSide(log, folder);
    await readSide.projector.start();
    await readSide.projector.caughtUpTo(await record(store, laneStream(budget), released('a')));
    const upToDate = store.read.bind(store);
    let looks = 0;
    store.read = async (stream, options) => {
      const events = await upToDate(stream, options);
      return (looks += 1) <= 2 ? events.filter(({ revision }) => revision === 0) : events;
    };

    await goesOnAfterAGap(readSide);

    expect(looks).toBeGreaterThan(2);
    await readSide.close();
  });
});
