import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { recordJobs } from '../support/long-log.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const script = fileURLToPath(new URL('../../scripts/projections.mjs', import.meta.url));

/** A fraction of what the events take that are read; somewhat more than the program itself does. */
const heapMegabytes = 32;

it('reads a log that is larger than its memory', { timeout: 180_000 }, async () => {
  const folder = tempFolder();
  const store = await openSqliteEventStore({ file: path.join(folder, 'events.sqlite') });
  const jobs = 15_000;
  await recordJobs(store, jobs);
  await store.close();

  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, script, 'rebuild'], {
    env: { PATH, HOME, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const status = await new Promise((resolve) => child.on('close', resolve));

  expect(output.trim().split('\n').at(-1)).toBe(
    'verified to position 0000000000105000, 15000 jobs, 0 differences',
  );
  expect(status).toBe(0);
});
