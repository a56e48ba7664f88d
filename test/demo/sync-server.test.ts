import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSyncServer } from '../../src/demo/sync-server.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'sync-server-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const isUp = (url: string) => fetch(`${url}/health`).then(({ ok }) => ok);

it('answers as soon as it is started, and no longer once it is closed', async () => {
  const server = await startSyncServer({ dataDir });
  expect(await isUp(server.url)).toBe(true);
  await server.close();
  await expect(isUp(server.url)).rejects.toThrow('fetch failed');
});

it('takes the port it is asked to take, and another where that one is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const evasive = await startSyncServer({ dataDir, port });
  expect(new URL(evasive.url).port).not.toBe(String(port));
  expect(await isUp(evasive.url)).toBe(true);
  await evasive.close();

  other.close();
  await once(other, 'close');
  const obedient = await startSyncServer({ dataDir, port });
  expect(new URL(obedient.url).port).toBe(String(port));
  await obedient.close();
});
