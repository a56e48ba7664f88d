import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { startDemo } from '../../src/demo/demo.js';
import { childrenOf, isAlive } from '../support/child-processes.js';
import { tempFolders } from '../support/temp-folder.js';
import { openHousehold } from './household-client.js';
import { RecordingLog } from './recording-log.js';

const tempFolder = tempFolders();
const patience = { timeout: 20_000, interval: 20 };
const compiledDemo = new URL('../../dist/src/demo/demo.js', import.meta.url).href;

/** A process that does nothing but run the demo of that folder. */
function demoProcess(folder: string, intervalMs: number) {
  const log = '{ debug() {}, info() {}, warn() {}, error() {} }';
  const options = `{ folder: ${JSON.stringify(folder)}, intervalMs: ${intervalMs}, log: ${log} }`;
  const code = `import { startDemo } from '${compiledDemo}'; await startDemo(${options}); console.log('started');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, pid: child.pid ?? 0, started: once(child.stdout, 'data') };
}

it('leaves no process behind when its own is killed while the server and the other device are at work', async () => {
  const { child, pid, started } = demoProcess(path.join(tempFolder(), 'demo'), 1);
  await started;
  const children = await vi.waitUntil(() => {
    const found = childrenOf(pid);
    const has = (entry: string) => found.some(({ command }) => command.includes(entry));
    return has('sync-server-process') && has('device-process') && found;
  }, patience);

  child.kill('SIGKILL');
  await once(child, 'exit');

  await vi.waitUntil(() => !children.some((one) => isAlive(one.pid)), patience);
});

it('begins again after it was killed while it was being created', async () => {
  const folder = path.join(tempFolder(), 'demo');
  const copies = path.join(folder, 'device', 'copy');
  const { child } = demoProcess(folder, 1);
  await vi.waitUntil(() => existsSync(copies) && readdirSync(copies).length > 0, {
    ...patience,
    interval: 2,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path.join(folder, 'demo.json'))).toBe(false);

  const demo = await startDemo({ folder, intervalMs: 2 ** 31 - 1, log: new RecordingLog() });
  const client = await openHousehold(demo, tempFolder());
  expect(client.rows().length).toBeGreaterThan(560);
  expect((await client.budgets()).filter(({ state }) => state === 'remote')).toHaveLength(1);
  await client.close();
  await demo.close();
});

it('leaves no process behind when it is closed, also while the other device is at work', async () => {
  const demo = await startDemo({ folder: tempFolder(), intervalMs: 1, log: new RecordingLog() });
  const children = await vi.waitUntil(() => {
    const found = childrenOf(process.pid).filter(({ command }) => command.includes('/demo/'));
    return found.length === 2 && found;
  }, patience);

  await demo.close();

  expect(children.filter((one) => isAlive(one.pid))).toEqual([]);
});
