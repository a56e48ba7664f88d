import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { MisbehavingProxy } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, password, startActual } from './actual-fixture.js';
import type { ActualFixture } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();
const patience = { timeout: 20_000, interval: 20 };
const syncRoute = '/sync/sync';

let actual: ActualFixture;
let proxy: MisbehavingProxy;
beforeAll(async () => {
  actual = await startActual(tempFolder);
  proxy = await MisbehavingProxy.start(actual.server.url);
});
afterAll(async () => {
  await proxy.close();
  await actual.close();
});

let folder: string;
/** Of the processes of the budget, in the order in which they were started. */
let pids: number[];
beforeEach(() => {
  folder = path.join(tempFolder(), 'actual');
  pids = [];
});
afterEach(async () => {
  await budgets.closeAll();
  proxy.behave();
});

const startedSchema = z.object({ pid: z.number() });
const log = {
  debug: (facts: object, message: string) => {
    if (message.endsWith('has started')) pids.push(startedSchema.parse(facts).pid);
  },
  warn: () => undefined,
};
const open = (options: { idleMs?: number; cancelGraceMs?: number; memoryMb?: number } = {}) =>
  budgets.open({ url: proxy.url, folder, syncIds: [actual.syncId], log, ...options });
const kill = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGKILL');

/** A process keeps the lock until its end, and nobody else can. */
function isInUse(): boolean {
  const [copy = ''] = readdirSync(folder);
  const lock = new Database(path.join(folder, copy, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    lock.close();
  }
}

/** Whoever opens the copy from now on hangs, as on a disk that does not answer; `reached` tells whether one does. */
async function letTheCopyHang(): Promise<{ readonly reached: () => boolean }> {
  const opened = open();
  await opened.sync(actual.syncId, forever);
  await opened.close();
  const pipe = path.join(folder, readdirSync(folder)[0] ?? '', 'copy', 'reported.json');
  rmSync(pipe);
  execFileSync('mkfifo', [pipe]);
  const reached = () => {
    try {
      // Only where somebody reads, who then waits for what is written.
      writers.push(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return false;
      throw error;
    }
  };
  return { reached };
}

const writers: number[] = [];
afterEach(() => {
  for (const writer of writers.splice(0)) closeSync(writer);
});

describe('the process of a budget', () => {
  it('serves one operation after another, ends when it was idle for some time, and is started again', async () => {
    const opened = open({ idleMs: 500 });
    await opened.sync(actual.syncId, forever);
    await opened.readHistory(actual.syncId, forever);
    await opened.sync(actual.syncId, forever);
    expect(pids).toHaveLength(1);

    await expect.poll(isInUse, patience).toBe(false);

    await opened.readHistory(actual.syncId, forever);
    expect(pids).toHaveLength(2);
  });

  it('is replaced where somebody kills it, at rest or at work, and nobody notices', async () => {
    const opened = open();
    await opened.sync(actual.syncId, forever);
    kill(pids[0]);
    expect(await opened.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });

    proxy.misbehave(syncRoute, { kind: 'stall' }, 1);
    const atWork = proxy.arrival(syncRoute);
    const sync = opened.sync(actual.syncId, forever);
    await atWork;
    kill(pids[1]);
    expect(await sync).toMatchObject({ kind: 'SYNC' });
    expect(pids).toHaveLength(3);
  });

  it('is said to have ended unexpectedly where that happens again', async () => {
    const opened = open();
    proxy.misbehave(syncRoute, { kind: 'stall' });
    let atWork = proxy.arrival(syncRoute);
    const failing = failureOf(opened.sync(actual.syncId, forever));
    await atWork;
    atWork = proxy.arrival(syncRoute);
    kill(pids[0]);
    await atWork;
    kill(pids[1]);

    expect(await failing).toMatchObject({
      code: 'INTERNAL',
      message: 'The process that holds the budget open ended unexpectedly.',
      action: "Check that this machine has enough memory, then retry; the server's log has the details.",
      retryable: true,
    });
  });

  it('is ended where it takes more memory than it may, and a new one is there for what follows', async () => {
    const eater = new URL('../support/eats-memory.mjs', import.meta.url).href;
    vi.stubEnv('NODE_OPTIONS', `--import=${eater}`);
    const opened = open({ memoryMb: 128 });
    expect(await failureOf(opened.sync(actual.syncId, forever))).toMatchObject({
      code: 'INTERNAL',
      message: 'The process that holds the budget open ended unexpectedly.',
    });
    vi.unstubAllEnvs();

    expect(await opened.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
  });

  it('stops what nobody wants any more, and is there for what follows', async () => {
    const opened = open();
    await opened.sync(actual.syncId, forever);
    proxy.misbehave(syncRoute, { kind: 'stall' });
    const atWork = proxy.arrival(syncRoute);
    const canceling = new AbortController();
    const sync = opened.sync(actual.syncId, { signal: canceling.signal });
    const reason = new Error('Canceled');
    await atWork;
    canceling.abort(reason);
    await expect(sync).rejects.toBe(reason);

    proxy.behave();
    expect(await opened.sync(actual.syncId, forever)).toMatchObject({ kind: 'SYNC' });
    expect(pids).toHaveLength(1);
  });

  it('is killed where it does not stop', async () => {
    const { reached } = await letTheCopyHang();
    const opened = open({ cancelGraceMs: 100 });
    const canceling = new AbortController();
    const sync = opened.sync(actual.syncId, { signal: canceling.signal });
    const reason = new Error('Canceled');
    await expect.poll(reached, patience).toBe(true);
    canceling.abort(reason);
    await expect(sync).rejects.toBe(reason);
    await expect.poll(isInUse, patience).toBe(false);
  });

  it('is gone when all is closed, whatever it was doing', async () => {
    const opened = open();
    proxy.misbehave(syncRoute, { kind: 'stall' });
    const atWork = proxy.arrival(syncRoute);
    const sync = opened.sync(actual.syncId, forever);
    const ended = expect(sync).rejects.toThrow('The budget is being closed');
    await atWork;
    await opened.close();
    await ended;
    expect(isInUse()).toBe(false);
  });
});

describe('the process of a budget is gone when its parent is,', () => {
  const compiled = new URL('../../dist/src/actual/server-budgets.js', import.meta.url).href;

  /** A process that syncs, and carries out `end` when it is told to; `synced` resolves once it has done so. */
  function startParent(end = '') {
    const options = {
      ...{ url: proxy.url, password, syncIds: [actual.syncId], folder },
      ...{ timeoutMs: 60_000, idleMs: 60_000, cancelGraceMs: 60_000, memoryMb: 2_048 },
    };
    const code = `
      import { openServerBudgets } from '${compiled}';
      const log = { debug() {}, warn() {} };
      const budgets = openServerBudgets({ ...${JSON.stringify(options)}, log });
      process.stdin.once('data', () => { ${end} });
      await budgets.sync('${actual.syncId}', { signal: new AbortController().signal });
      console.log('synced');`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return { parent, synced: once(parent.stdout, 'data'), ended: once(parent, 'close') };
  }

  it.each([
    ['exits', 'process.exit(0)'],
    ['fails', "throw new Error('On purpose')"],
    ['is killed', "process.kill(process.pid, 'SIGKILL')"],
  ])('which %s while there is nothing to do', async (_how, end) => {
    const { parent, synced, ended } = startParent(end);
    await synced;
    expect(isInUse()).toBe(true);
    parent.stdin.write('end');
    await ended;
    await expect.poll(isInUse, patience).toBe(false);
  });

  it('which is killed in the middle of a sync', async () => {
    proxy.misbehave(syncRoute, { kind: 'stall' });
    const atWork = proxy.arrival(syncRoute);
    const { parent, ended } = startParent();
    await atWork;
    expect(isInUse()).toBe(true);
    parent.kill('SIGKILL');
    await ended;
    await expect.poll(isInUse, patience).toBe(false);
  });

  it('which is killed while the process is too busy to notice', async () => {
    const { reached } = await letTheCopyHang();
    const { parent, ended } = startParent();
    await expect.poll(reached, patience).toBe(true);
    expect(isInUse()).toBe(true);
    parent.kill('SIGKILL');
    await ended;
    await expect.poll(isInUse, patience).toBe(false);
  });
});
