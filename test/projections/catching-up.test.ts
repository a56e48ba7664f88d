import { copyFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allProjections } from '../../projections/all-projections.js';
import { CatchUp } from '../../projections/catch-up.js';
import { describeProgress } from '../../projections/catch-up-progress.js';
import { differencesFrom } from '../../projections/differences.js';
import type { Projection } from '../../projections/projection.js';
import { Projector } from '../../projections/projector.js';
import { ReadDatabase } from '../../projections/read-database.js';
import { ReadSideBehindError } from '../../projections/read-side-behind-error.js';
import type { EventStore, SubscriptionItem } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore } from '../support/faulty-event-store.js';
import { now, owner, syncRequest } from '../support/job-history.js';
import { recordJobs } from '../support/long-log.js';
import { openReadSide } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

describe('catching up with a long log', () => {
  const jobs = 2_000;
  const eventsOfAJob = 7;
  let folder: string;
  let store: FaultyEventStore;
  let real: EventStore;
  beforeEach(async () => {
    folder = tempFolder();
    real = await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') });
    store = new FaultyEventStore(real);
    await recordJobs(store, jobs);
  });
  afterEach(() => store.close());

  /** What a process that is killed now leaves behind, in a folder of its own. */
  const leftByAKill = () => {
    const copy = tempFolder();
    for (const name of ['read-models.sqlite', 'read-models.sqlite-wal']) {
      copyFileSync(path.join(folder, name), path.join(copy, name));
    }
    return copy;
  };

  const countIn = (file: string, table: string) => {
    const db = new Database(file, { readonly: true });
    try {
      return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    } finally {
      db.close();
    }
  };

  it('commits some thousand events at a time, rows and checkpoints together', async () => {
    const gate = store.holdUpAfter(12_000);
    const readSide = openReadSide(store, folder);
    const live = readSide.projector.start();
    await gate.reached;

    const left = leftByAKill();
    const file = path.join(left, 'read-models.sqlite');
    expect(countIn(file, 'transitions')).toBeGreaterThan(0);
    const killed = ReadDatabase.open(file, allProjections);
    expect(allProjections.map(({ name }) => killed.checkpoint(name))).toEqual(
      allProjections.map(() => readSide.projector.position),
    );
    expect(await real.progressAt(readSide.projector.position)).toBeCloseTo(10_000 / (jobs * eventsOfAJob), 1);
    killed.close();

    gate.open();
    await live;
    await readSide.close();
  });

  it('goes on after a kill, and applies each event once', async () => {
    const gate = store.holdUpAfter(12_500);
    const readSide = openReadSide(store, folder);
    const live = readSide.projector.start();
    await gate.reached;
    const left = leftByAKill();
    gate.open();
    await live;

    const again = openReadSide(real, left);
    await again.projector.start();
    await again.close();

    expect(readSide.reader.countJobs(owner, {})).toBe(jobs);
    expect(differencesFrom(path.join(left, 'read-models.sqlite'), readSide.database, allProjections)).toEqual(
      [],
    );
    await readSide.close();
  });

  it('keeps what it has applied when it is stopped', async () => {
    const gate = store.holdUpAfter(600);
    const readSide = openReadSide(store, folder);
    const live = readSide.projector.start();
    await gate.reached;
    await readSide.close();
    await expect(live).rejects.toThrow('has stopped');

    expect(countIn(path.join(folder, 'read-models.sqlite'), 'admissions')).toBeGreaterThan(0);
  });

  it('says how far it is, and counts no jobs of which it has not read the end', async () => {
    const gate = store.holdUpAfter(12_000);
    const readSide = openReadSide(store, folder);
    const { projector, directory } = readSide;
    const catchUp = new CatchUp({ store, projector, intervalMs: 10, withoutStore: 'WAIT' });
    const said = () => catchUp.progress && describeProgress(catchUp.progress);
    expect(projector.state.status).toBe('STOPPED');
    expect(projector.behindMs).toBe(0);
    const caughtUp = catchUp.run();
    await gate.reached;

    await expect.poll(said).toMatch(/^7\d % of the log, about \d+ s left$/);
    expect(projector.state.status).toBe('CATCHING_UP');
    expect(projector.behindMs).toBeGreaterThan(0);
    expect([...catchUp.fractions]).toEqual(
      allProjections.map(({ name }) => [name, catchUp.progress?.fraction]),
    );
    expect(() => directory.countActive(owner)).toThrow(ReadSideBehindError);

    gate.open();
    await caughtUp;
    expect(projector.state.status).toBe('LIVE');
    expect(projector.behindMs).toBe(0);
    expect([...catchUp.fractions]).toEqual([]);
    expect(directory.countActive(owner)).toBe(0);
    await readSide.close();
  });

  it('begins anew where the read models come from another kind of store', async () => {
    const before = openReadSide(store, folder);
    before.database.run("UPDATE checkpoints SET position = '00000000000000ff-00000000000000ff'");
    await before.close();

    const readSide = openReadSide(store, folder);
    const { projector } = readSide;
    await new CatchUp({ store, projector, intervalMs: 10, withoutStore: 'WAIT' }).run();

    expect(readSide.reader.countJobs(owner, {})).toBe(jobs);
    await readSide.close();
  });

  it('waits for a store that cannot be reached, or fails, as it is told', async () => {
    const gate = store.holdUpAfter(0);
    const readSide = openReadSide(store, folder);
    const { projector } = readSide;
    const impatient = new CatchUp({ store, projector, intervalMs: 1, withoutStore: 'FAIL' });
    const caughtUp = impatient.run();
    await gate.reached;
    store.cutOff();
    await expect(caughtUp).rejects.toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    await readSide.close();

    store.reconnect();
    const patientGate = store.holdUpAfter(12_000);
    const later = openReadSide(store, folder);
    const measured: number[] = [];
    const patient = new CatchUp({
      store,
      projector: later.projector,
      intervalMs: 1,
      withoutStore: 'WAIT',
      onProgress: ({ fraction }) => measured.push(fraction),
    });
    const waiting = patient.run();
    await patientGate.reached;
    store.cutOff();
    store.reconnect();
    await expect.poll(() => measured.at(-1)).toBeGreaterThan(0.5);
    patientGate.open();
    await waiting;
    expect(patient.progress).toBeUndefined();
    await later.close();
  });
});

describe('a projector that catches up', () => {
  it('holds no more events in memory than it applies at once', async () => {
    const events = 20_000;
    let given = 0;
    let applied = 0;
    let mostHeld = 0;
    const counting: Projection = {
      name: 'counting',
      version: 1,
      tables: { counted: 'id TEXT PRIMARY KEY' },
      on: {
        JobQueued: (_event, { id }, write) => {
          mostHeld = Math.max(mostHeld, given - applied);
          applied += write('INSERT INTO counted (id) VALUES (?)', id);
        },
      },
    };
    async function* log(): AsyncGenerator<SubscriptionItem, void, void> {
      while (given < events) {
        given += 1;
        const position = String(given).padStart(16, '0');
        const data = { v: 1, at: now, request: syncRequest };
        const event = {
          id: position,
          type: 'JobQueued',
          stream: `job-${given}`,
          revision: 0,
          position,
          data,
        };
        yield { kind: 'event', event };
      }
      yield { kind: 'caught-up' };
    }
    const database = ReadDatabase.open(path.join(tempFolder(), 'read-models.sqlite'), [counting]);
    const projector = new Projector({
      store: { subscribe: log, read: () => Promise.resolve([]), isPosition: () => true },
      database,
      projections: [counting],
      onCommitted: () => undefined,
    });

    await projector.start();

    expect(applied).toBe(events);
    expect(mostHeld).toBeLessThanOrEqual(501);
    await projector.stop();
    database.close();
  });
});
