import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { openReadSide } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
let store: EventStore;
let readSide: ReturnType<typeof openReadSide>;

beforeEach(async () => {
  const folder = tempFolder();
  store = await openSqliteEventStore({ file: `${folder}/events.sqlite` });
  readSide = openReadSide(store, folder);
  await readSide.projector.start();
});

afterEach(async () => {
  await readSide.close();
  await store.close();
});

it('answers for a type that is named more often than a statement has room for', () => {
  const types = Array.from({ length: 100_000 }, () => 'SYNC');
  const restriction = { types, statuses: types };
  expect(readSide.reader.jobs('me', restriction, { first: 1 }).items).toEqual([]);
  expect(readSide.reader.countJobs('me', restriction)).toBe(0);
});
