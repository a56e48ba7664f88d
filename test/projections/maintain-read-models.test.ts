import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildReadModels, verifyReadModels } from '../../projections/maintain-read-models.js';
import { jobStream, laneStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { FaultyEventStore } from '../support/faulty-event-store.js';
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
import { openReadSide, record } from '../support/read-side.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

let folder: string;
let file: string;
let store: EventStore;
/** Of the last event. */
let end: string;

beforeEach(async () => {
  folder = tempFolder();
  file = path.join(folder, 'read-models.sqlite');
  store = await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') });
  await record(store, laneStream('household'), admitted('a', combinedRequest), admitted('b'), released('a'));
  end = await record(
    store,
    jobStream('a'),
    ...[queued(), started(), stepStarted(), stepSucceeded(), stepStarted(2)],
    ...[stepAdvanced(2, answers(1)), stepSucceeded(2), jobSucceeded()],
  );
});

afterEach(() => store.close());

const step = (n: number) => ({ job_id: 'a', step: n });
const admission = (id: string) => ({ budget_id: 'household', job_id: id });
const transition = (revision: number) => ({ job_id: 'a', revision });

async function* afterwards<T>(
  before: Promise<unknown>,
  items: AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  await before;
  yield* items;
}

function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

describe('a verification', () => {
  it('finds nothing where the read models are what the log says', async () => {
    await rebuildReadModels(store, file);
    expect(await verifyReadModels(store, file)).toEqual({ position: end, jobs: 1, differences: [] });
  });

  it('first lets the read models catch up with the log', async () => {
    await rebuildReadModels(store, file);
    const position = await record(store, jobStream('b'), queued());
    expect(await verifyReadModels(store, file)).toEqual({ position, jobs: 2, differences: [] });
  });

  it('finds nothing in an empty log', async () => {
    const empty = await openSqliteEventStore({ file: path.join(tempFolder(), 'events.sqlite') });
    expect(await verifyReadModels(empty, file)).toEqual({ position: '', jobs: 0, differences: [] });
    await empty.close();
  });

  it('says so where the read models were made from another log, and leaves them as they are', async () => {
    await rebuildReadModels(store, file);
    const empty = await openSqliteEventStore({ file: path.join(tempFolder(), 'events.sqlite') });
    await expect(verifyReadModels(empty, file)).rejects.toThrow('were made from another log');
    await empty.close();

    expect(await verifyReadModels(store, file)).toEqual({ position: end, jobs: 1, differences: [] });
  });

  it.each([
    ['is wrong', "UPDATE jobs SET status = 'FAILED'", 'jobs', { id: 'a' }],
    ['is wrong in more than one place', 'UPDATE steps SET attempt = 7 WHERE step = 2', 'steps', step(2)],
    ['is missing', 'DELETE FROM suggestions WHERE n = 1', 'suggestions', { job_id: 'a', n: 1 }],
    ['is nowhere to be found', 'DELETE FROM jobs', 'jobs', { id: 'a' }],
    ['is too much', "INSERT INTO admissions VALUES ('household', 'c', '')", 'admissions', admission('c')],
  ])('finds what %s', async (_what, sql, table, key) => {
    await rebuildReadModels(store, file);
    tamper(sql);
    const { differences } = await verifyReadModels(store, file);
    expect(differences).toEqual([{ table, rows: 1, examples: [key] }]);
  });

  it('counts each row once, all of them, and names some', async () => {
    await rebuildReadModels(store, file);
    tamper(`UPDATE transitions SET message = 'nothing' WHERE revision < 5;
            DELETE FROM transitions WHERE revision = 5;
            INSERT INTO transitions SELECT job_id, 99, at, event, step, message FROM transitions WHERE revision = 6`);
    const { differences } = await verifyReadModels(store, file);
    expect(differences).toEqual([
      { table: 'transitions', rows: 7, examples: [0, 1, 2, 3, 4].map(transition) },
    ]);
  });

  it('compares up to where it began, whatever is appended meanwhile', async () => {
    await rebuildReadModels(store, file);
    const appending = new FaultyEventStore(store);
    let comparisons = 0;
    const subscribe = appending.subscribe.bind(appending);
    appending.subscribe = (options) => {
      comparisons += 1;
      return afterwards(
        comparisons === 2 ? record(store, jobStream('b'), queued()) : Promise.resolve(),
        subscribe(options),
      );
    };

    expect(await verifyReadModels(appending, file)).toEqual({ position: end, jobs: 1, differences: [] });
    expect(comparisons).toBe(2);
  });

  it('changes nothing of what it verifies, also where that is behind the log', async () => {
    await rebuildReadModels(store, file);
    await record(store, jobStream('b'), queued());
    const before = readFileSync(file);

    await verifyReadModels(store, file);

    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('makes no read models where there are none', async () => {
    expect(await verifyReadModels(store, file)).toEqual({ position: end, jobs: 1, differences: [] });
    expect(existsSync(file)).toBe(false);
  });

  it('reads what a server that was killed had not yet written into the file itself', async () => {
    const killed = tempFolder();
    const readSide = openReadSide(store, folder);
    await readSide.projector.start();
    for (const suffix of ['', '-wal'])
      copyFileSync(file + suffix, path.join(killed, 'read-models.sqlite' + suffix));
    await readSide.close();
    const readPositions: unknown[] = [];
    const subscribe = store.subscribe.bind(store);
    store.subscribe = (options) => {
      readPositions.push(options.after);
      return subscribe(options);
    };

    await verifyReadModels(store, path.join(killed, 'read-models.sqlite'));

    // The one goes on where it was, the other is made anew.
    expect(readPositions).toEqual([end, undefined]);
  });

  it('leaves nothing behind', async () => {
    await verifyReadModels(store, file);
    expect(readdirSync(folder).filter((name) => name.startsWith('verify-'))).toEqual([]);
  });
});

describe('npm run projections', () => {
  const script = fileURLToPath(new URL('../../scripts/projections.mjs', import.meta.url));
  const run = (command: string, env: Record<string, string> = {}) =>
    new Promise<{ readonly status: unknown; readonly output: string }>((resolve) => {
      const { PATH = '', HOME = '' } = process.env;
      const options = { cwd: folder, env: { PATH, HOME, DATA_DIR: folder, ...env } };
      const child = spawn(process.execPath, [script, command], {
        ...options,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      }
      child.on('close', (status) => resolve({ status, output }));
    });
  /** Without those that say how far it is. */
  const linesOf = ({ output }: { readonly output: string }) =>
    output.split('\n').filter((line) => line !== '' && !/^(Reading|Comparing): /.test(line));

  it('rebuilds and verifies what a server has left', async () => {
    await rebuildReadModels(store, file);
    await store.close();
    tamper("UPDATE jobs SET status = 'FAILED'; DELETE FROM steps");
    const verified = `verified to position ${end}, 1 job`;

    const found = await run('verify');
    expect(found.status).toBe(1);
    // Of two streams.
    expect(linesOf(found).toSorted()).toEqual([
      '`npm run projections -- rebuild` makes them anew.',
      'jobs: 1 row is not what the log says (id a).',
      'steps: 2 rows are not what the log says (job_id a, step 1; job_id a, step 2).',
      `${verified}, 3 differences`,
    ]);
    const rebuilt = await run('rebuild');
    expect(rebuilt.output).toMatch(/^Reading: 0 % of the log$/m);
    expect(rebuilt.output).toMatch(/^Comparing: 0 % of the log$/m);
    expect({ ...rebuilt, output: linesOf(rebuilt) }).toEqual({
      status: 0,
      output: [`${verified}, 0 differences`],
    });
    expect(linesOf(await run('verify'))).toEqual([`${verified}, 0 differences`]);
  });

  const halve = () => {
    const size = statSync(file).size;
    truncateSync(file, size / 2);
    truncateSync(file, size);
  };
  it.each([
    ['half of it is gone', halve],
    ['it is something else', () => writeFileSync(file, 'It is not a database at all. '.repeat(300))],
    ['it has other tables', () => tamper('DROP TABLE checkpoints; CREATE TABLE checkpoints (name)')],
  ])(
    'finds what is damaged, leaves it as it is, and makes it anew when it is told to: %s',
    async (_, damage) => {
      await rebuildReadModels(store, file);
      await store.close();
      damage();
      const damaged = readFileSync(file);

      const found = await run('verify');
      expect(found.status).toBe(1);
      expect(linesOf(found)).toEqual([
        expect.stringMatching(/are damaged: stop the server and say `npm run/),
      ]);
      expect(readFileSync(file).equals(damaged)).toBe(true);
      expect(linesOf(await run('rebuild'))).toEqual([`verified to position ${end}, 1 job, 0 differences`]);
    },
  );

  it('names what nobody expected by its code alone', async () => {
    await store.close();
    mkdirSync(file);
    expect(await run('rebuild')).toEqual({
      status: 1,
      output: 'It ended because of an error that it does not know: ERR_FS_EISDIR.\n',
    });
  });

  it('says that EventStoreDB cannot be reached, and ends', async () => {
    await rebuildReadModels(store, file);
    await store.close();
    const url = 'esdb://127.0.0.1:9?tls=false&maxDiscoverAttempts=1';
    const { status, ...said } = await run('rebuild', { EVENTSTORE_URL: url });
    expect(status).toBe(1);
    expect(linesOf(said)).toEqual(['EventStoreDB could not be reached, or did not answer.']);
    tamper("UPDATE jobs SET status = 'still there'");
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
