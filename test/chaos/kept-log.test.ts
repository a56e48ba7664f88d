import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { tempFolders } from '../support/temp-folder.js';
import { keepWhatIsCut, readKeptLog } from './kept-log.js';

const tempFolder = tempFolders();

it('also has what a server dropped from its log', async () => {
  const dataDir = tempFolder();
  const open = () => openSqliteEventStore({ file: path.join(dataDir, 'events.sqlite') });
  await (await open()).close();
  keepWhatIsCut(dataDir);
  const store = await open();
  const events = ['A', 'B', 'C'].map((type) => ({ id: randomUUID(), type, data: { of: type } }));
  await store.append('lane-household', events, { expectedRevision: 'no-stream' });
  await store.setMetadata('lane-household', { truncateBefore: 2 });

  expect((await store.read('lane-household')).map(({ type }) => type)).toEqual(['C']);
  const kept = readKeptLog(dataDir, '');
  expect(kept.map(({ stream, revision, type }) => ({ stream, revision, type }))).toEqual(
    ['A', 'B', 'C'].map((type, revision) => ({ stream: 'lane-household', revision, type })),
  );
  expect(readKeptLog(dataDir, kept[1]?.position ?? '')).toEqual(kept.slice(2));
  await store.close();
});
