import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runToItsEnd, startServer } from '../support/server-process.js';
import { canMountDisks, withDisk } from '../support/small-disk.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();

/** Nothing listens there; what is wrong is found before anybody asks it. */
const ownServer = {
  ACTUAL_SERVER_URL: 'http://127.0.0.1:9',
  ACTUAL_PASSWORD: 'hunter2',
  ACTUAL_SYNC_ID: 'b1',
};

async function failedStart(env: Record<string, string>, dataDir = tempFolder()): Promise<string> {
  const { status, output } = await runToItsEnd({ dataDir, env: { ...ownServer, ...env } });
  expect(status).toBe(1);
  // One sentence or two, and neither a stack nor a secret.
  expect(output).not.toMatch(/^\s+at /m);
  expect(output).not.toContain('hunter2');
  expect(output.trim().split('\n')).toHaveLength(1);
  return output.trim();
}

describe('a start that cannot succeed ends with one sentence that says what to do, and status 1:', () => {
  it('an unknown value', async () => {
    expect(await failedStart({ PORT: 'http' })).toBe(
      'PORT must be a whole number from 0 to 65535; "http" is not.',
    );
  });

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await failedStart({ PORT: String(port) })).toBe(
      `Port ${port} is in use by another program: stop it, or set PORT to another one (0 takes any free one).`,
    );
    other.close();
    await once(other, 'close');
  });

  it('a DATA_DIR in use by another process', async () => {
    const dataDir = tempFolder();
    const first = await startServer({ dataDir, env: ownServer });
    expect(await failedStart({}, dataDir)).toMatch(/is in use by another process\. Stop that process/);
    await first.stop();
  });

  it('a DATA_DIR that is a file', async () => {
    const file = path.join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(await failedStart({}, file)).toMatch(/^DATA_DIR is .+, which is not a folder: set it to /);
  });

  it('a DATA_DIR that nobody can make', async () => {
    expect(await failedStart({}, '/proc/actual-jobs/data')).toMatch(
      /cannot be written: correct its permissions/,
    );
  });

  it.skipIf(!canMountDisks)('a DATA_DIR that is not writable', async () => {
    await withDisk('ro', async (disk) => {
      expect(await failedStart({}, disk)).toMatch(/cannot be written/);
    });
  });

  it.skipIf(!canMountDisks)('a DATA_DIR on a full disk', async () => {
    await withDisk('size=16k', async (disk) => {
      expect(await failedStart({}, disk)).toMatch(/disk .+ is full.+ room/);
    });
  });

  it('an event store of a newer version', async () => {
    const dataDir = tempFolder();
    const server = await startServer({ dataDir, env: ownServer });
    await server.stop();
    const db = new Database(path.join(dataDir, 'events.sqlite'));
    db.pragma('user_version = 999');
    db.close();
    expect(await failedStart({}, dataDir)).toMatch(
      /was written by a newer version\. Install that version again/,
    );
  });

  it('an event store that is broken', async () => {
    const dataDir = tempFolder();
    writeFileSync(path.join(dataDir, 'events.sqlite'), 'this is not a database '.repeat(500));
    expect(await failedStart({}, dataDir)).toMatch(
      /is damaged, or is not an event store\. Restore it from a backup/,
    );
  });
});
