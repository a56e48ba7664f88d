import { copyFileSync, existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteEventStore, SqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { runBackupCommand } from '../support/backup-command.js';
import { openLogOf } from '../support/event-log.js';
import { openHousehold, type Household } from '../support/household.js';
import { allUncategorized, readJob, startJob, watchToEnd } from '../support/jobs-api.js';
import { visibleEvents } from '../support/own-streams.js';
import { soonGone } from '../support/soon-gone.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

async function eventsIn(file: string) {
  const store = new SqliteEventStore(new Database(file, { readonly: true }), () => undefined);
  try {
    return await visibleEvents(store);
  } finally {
    await store.close();
  }
}

describe('a backup that is made while a server runs', () => {
  let household: Household;

  beforeAll(async () => {
    household = await openHousehold({ env: soonGone });
  });

  afterEach(() => {
    household.gate.open();
  });

  afterAll(async () => {
    await household.close();
  });

  it('is all that had happened, and a server that it is restored for goes on from there', async () => {
    const { api, gate, dataDir } = household;
    const file = path.join(tempFolder(), 'jobs.backup');
    const before = (await startJob(api, { type: 'SYNC' })).job.id;
    const ended = await watchToEnd(api, before);
    const held = gate.hold();
    const during = (await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized })).job.id;
    await held;
    const known = await household.events();

    const made = runBackupCommand(['backup', file], { dataDir });
    expect(made).toMatchObject({
      status: 0,
      output: expect.stringContaining(`Backed up to ${file}: `) as string,
    });

    gate.open();
    await watchToEnd(api, during);
    const after = (await startJob(api, { type: 'SYNC' })).job.id;
    await watchToEnd(api, after);
    const inBackup = await eventsIn(file);
    expect((await household.events()).slice(0, inBackup.length)).toEqual(inBackup);
    expect(inBackup).toEqual(expect.arrayContaining([...known]));

    const restored = await household.join({
      prepare: (fresh) => {
        expect(runBackupCommand(['restore', file], { dataDir: fresh })).toMatchObject({ status: 0 });
      },
    });
    expect(await readJob(restored.api, before)).toEqual(ended);
    expect(await watchToEnd(restored.api, during)).toMatchObject({
      status: 'SUCCEEDED',
      steps: [{ attempt: 2 }, { attempt: 1 }],
    });
    expect(await readJob(restored.api, after)).toBeNull();
  });

  it('is one file, which others may not read', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'jobs.backup');
    expect(runBackupCommand(['backup', file], household)).toMatchObject({ status: 0 });
    expect(readdirSync(folder)).toEqual(['jobs.backup']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not restored under it', () => {
    const file = path.join(tempFolder(), 'jobs.backup');
    runBackupCommand(['backup', file], household);
    const { status, output } = runBackupCommand(['restore', file], household);
    expect(status).toBe(1);
    expect(output).toContain('is in use by another process. Stop that process');
  });
});

describe('a backup of a server that has ended', () => {
  let dataDir: string;
  let file: string;

  const append = async (stream: string) => {
    const store = await openSqliteEventStore({ file: path.join(dataDir, 'events.sqlite') });
    await store.append(stream, [{ id: crypto.randomUUID(), type: 'Happened', data: { v: 1 } }], {
      expectedRevision: 'no-stream',
    });
    await store.close();
  };
  const streams = async () => {
    const store = openLogOf(dataDir);
    const events = await visibleEvents(store);
    await store.close();
    return events.map(({ stream }) => stream);
  };

  beforeAll(async () => {
    dataDir = tempFolder();
    file = path.join(tempFolder(), 'jobs.backup');
    await append('job-a');
    expect(runBackupCommand(['backup', file], { dataDir })).toEqual({
      status: 0,
      output: `Backed up to ${file}: 1 event, the last one at position 1.\n`,
    });
    await append('job-b');
  });

  it('is restored in place of what is there, which is kept', async () => {
    const before = readdirSync(dataDir);
    const { status, output } = runBackupCommand(['restore', file], { dataDir });
    expect(status).toBe(0);
    expect(output).toContain(`Restored from ${file}: 1 event, the last one at position 1.`);
    expect(await streams()).toEqual(['job-a']);
    const kept = /kept as (.+)\.$/m.exec(output)?.[1] ?? '';
    expect((await eventsIn(kept)).map(({ stream }) => stream)).toEqual(['job-a', 'job-b']);
    expect(before).not.toContain(path.basename(kept));
  });

  it('is not restored where it is damaged, and nothing is changed', async () => {
    const damaged = path.join(tempFolder(), 'damaged');
    copyFileSync(file, damaged);
    truncateSync(damaged, statSync(damaged).size / 2);
    const before = await streams();
    const { status, output } = runBackupCommand(['restore', damaged], { dataDir });
    expect({ status, output }).toEqual({
      status: 1,
      output: `${damaged} is damaged, or is not a backup of Actual Jobs. Nothing was changed.\n`,
    });
    expect(await streams()).toEqual(before);
  });

  it('is not restored from something else', () => {
    const other = path.join(tempFolder(), 'other');
    writeFileSync(other, 'Dear diary');
    expect(runBackupCommand(['restore', other], { dataDir }).output).toContain(
      'is not a backup of Actual Jobs',
    );
  });

  it.each([
    ['no command', [], 'Say `npm run backup -- FILE`'],
    ['no file', ['backup'], 'Say `npm run backup -- FILE`'],
    ['an option', ['backup', '--help'], 'Say `npm run backup -- FILE`'],
    [
      'a file that is not there',
      ['restore', '/nowhere/jobs.backup'],
      'There is no file /nowhere/jobs.backup.',
    ],
    [
      'a folder that is not there',
      ['backup', '/nowhere/jobs.backup'],
      'There is no folder /nowhere: make it first.',
    ],
  ])('is refused with %s', (_what, args, sentence) => {
    const { status, output } = runBackupCommand(args, { dataDir });
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining(sentence) as string });
  });

  it('overwrites nothing', () => {
    const { status, output } = runBackupCommand(['backup', file], { dataDir });
    expect({ status, output }).toEqual({
      status: 1,
      output: `${file} exists already: give a name that is not in use, or remove it first.\n`,
    });
  });

  it('is not made of a folder without events, which stays as it is', () => {
    const empty = tempFolder();
    const { status, output } = runBackupCommand(['backup', path.join(empty, 'x')], { dataDir: empty });
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringContaining('holds no event store') as string,
    });
    expect(existsSync(path.join(empty, 'x'))).toBe(false);
  });

  it('is not made where EventStoreDB holds the events', () => {
    const env = { EVENTSTORE_URL: 'esdb://localhost:2113?tls=false' };
    const { status, output } = runBackupCommand(['backup', `${file}-2`], { dataDir, env });
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringContaining('See docs/eventstoredb.md.') as string,
    });
  });
});
