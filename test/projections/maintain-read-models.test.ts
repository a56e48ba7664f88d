import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildReadModels, verifyReadModels } from '../../projections/maintain-read-models.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import {
  answers,
  combinedRequest,
  jobSucceeded,
  queued,
  started,
  stepAdvanced,
  stepStarted,
  stepSucceeded,
} from '../support/job-history.js';
import { admitted, released } from '../support/lane-history.js';
import { record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

let folder: string;
let file: string;
let store: EventStore;

beforeEach(async () => {
  folder = tempFolder();
  file = path.join(folder, 'read-models.sqlite');
  store = await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') });
  await record(store, laneStream('household'), admitted('a', combinedRequest), admitted('b'), released('a'));
  await record(
    store,
    jobStream('a'),
    ...[queued(), started(), stepStarted(), stepSucceeded(), stepStarted(2)],
    ...[stepAdvanced(2, answers(1)), stepSucceeded(2), jobSucceeded()],
  );
});

afterEach(() => store.close());

function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

describe('a verification', () => {
  it('finds nothing where the read models are what the log says', async () => {
    await rebuildReadModels(store, file);
    expect(await verifyReadModels(store, file)).toEqual([]);
  });

  it('first lets the read models catch up with the log', async () => {
    await rebuildReadModels(store, file);
    await record(store, jobStream('b'), queued());
    expect(await verifyReadModels(store, file)).toEqual([]);
  });

  it.each([
    ['is wrong', "UPDATE jobs SET status = 'FAILED'", 'jobs'],
    ['is missing', 'DELETE FROM suggestions WHERE n = 1', 'suggestions'],
    ['is too much', "INSERT INTO admissions VALUES ('household', 'c', '')", 'admissions'],
  ])('finds what %s', async (_what, sql, table) => {
    await rebuildReadModels(store, file);
    tamper(sql);
    expect(await verifyReadModels(store, file)).toEqual([{ table, rows: 1 }]);
  });

  it('leaves nothing behind', async () => {
    await verifyReadModels(store, file);
    expect(readdirSync(folder).filter((name) => name.startsWith('verify-'))).toEqual([]);
  });
});

describe('npm run projections', () => {
  const script = fileURLToPath(new URL('../../scripts/projections.mjs', import.meta.url));
  const run = (...args: readonly string[]) =>
    new Promise<{ readonly status: unknown; readonly output: string }>((resolve) => {
      const { PATH = '', HOME = '' } = process.env;
      const options = { cwd: folder, env: { PATH, HOME, DATA_DIR: folder } };
      execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, output: stdout + stderr });
      });
    });

  it('rebuilds and verifies what a server has left', async () => {
    await rebuildReadModels(store, file);
    await store.close();
    tamper("UPDATE jobs SET status = 'FAILED'");

    expect(await run('verify')).toEqual({
      status: 1,
      output: 'jobs: 1 row is not what the log says.\n`npm run projections -- rebuild` makes them anew.\n',
    });
    expect(await run('rebuild')).toEqual({
      status: 0,
      output: 'The read models were made anew from the log.\n',
    });
    expect(await run('verify')).toEqual({ status: 0, output: 'The read models are what the log says.\n' });
  });

  it('does not touch the data of a server that runs', async () => {
    expect(await run('rebuild')).toEqual({
      status: 1,
      output: expect.stringMatching(/is in use by another process\. Stop that process.*\n$/) as string,
    });
  });

  it('makes no store where there is none', async () => {
    folder = tempFolder();
    expect(await run('verify')).toEqual({
      status: 1,
      output: `DATA_DIR (${folder}) holds no event store: set it to the folder of a server.\n`,
    });
    expect(existsSync(path.join(folder, 'events.sqlite'))).toBe(false);
  });

  it('says what can be said', async () => {
    expect((await run('repair')).output).toMatch(/^Say `npm run projections -- rebuild` or/);
  });
});
