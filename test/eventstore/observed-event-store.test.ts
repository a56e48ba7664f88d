import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObservedEventStore } from '../../src/eventstore/observed-event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore, landedUnnoticed } from '../support/faulty-event-store.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const appended = { type: 'Happened', data: {} };

let faulty: FaultyEventStore;
let store: ObservedEventStore;
let answers: string[];
let positions: string[];

beforeEach(async () => {
  faulty = new FaultyEventStore(await openSqliteEventStore({ file: `${tempFolder()}/events.sqlite` }));
  answers = [];
  positions = [];
  store = new ObservedEventStore(faulty, {
    answered: (operation, outcome, durationMs) => {
      expect(durationMs).toBeGreaterThan(0);
      answers.push(`${operation} ${outcome}`);
    },
    appended: (stream, position) => positions.push(`${stream} ${position}`),
  });
});

afterEach(() => store.close());

const append = () =>
  store.append('job-1', [{ id: randomUUID(), ...appended }], { expectedRevision: 'no-stream' });

describe('an event store that is observed', () => {
  it('tells how each append and read went, and passes on what came of it', async () => {
    const { position } = await append();
    await expect(append()).rejects.toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    expect(await store.read('job-1')).toMatchObject([{ position }]);
    faulty.cutOff();
    await expect(store.read('job-1')).rejects.toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(store.trouble).toBe('There is no connection');
    faulty.reconnect();
    await expect(store.append('job-2', [], { expectedRevision: 'any' })).rejects.toThrow(RangeError);

    expect(answers).toEqual(['append ok', 'append conflict', 'read ok', 'read unavailable', 'append failed']);
    expect(positions).toEqual([`job-1 ${position}`]);
  });

  it('tells of no append that was not acknowledged', async () => {
    faulty.onAppendOf('Happened', landedUnnoticed);
    await expect(append()).rejects.toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(answers).toEqual(['append unavailable']);
    expect(positions).toEqual([]);
  });
});
