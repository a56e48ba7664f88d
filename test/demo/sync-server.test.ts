import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startSyncServer, SyncServerError } from '../../src/demo/sync-server.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
const isUp = (url: string) => fetch(`${url}/health`).then(({ ok }) => ok);

it('answers as soon as it is started, and no longer once it is closed', async () => {
  const server = await startSyncServer({ dataDir: tempFolder() });
  expect(await isUp(server.url)).toBe(true);
  await server.close();
  await expect(isUp(server.url)).rejects.toThrow('fetch failed');
});

it('takes the port it is asked to take, and another where that one is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const evasive = await startSyncServer({ dataDir: tempFolder(), port });
  expect(new URL(evasive.url).port).not.toBe(String(port));
  expect(await isUp(evasive.url)).toBe(true);
  await evasive.close();

  other.close();
  await once(other, 'close');
  const obedient = await startSyncServer({ dataDir: tempFolder(), port });
  expect(new URL(obedient.url).port).toBe(String(port));
  await obedient.close();
});

it('can be reached from this machine only', async () => {
  const server = await startSyncServer({ dataDir: tempFolder() });
  const port = Number(new URL(server.url).port);
  const addresses = Object.values(networkInterfaces())
    .flatMap((some) => some ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));

  // The first two are what listening on everything would include.
  for (const host of ['127.0.0.2', '::1', ...addresses]) {
    const socket = connect({ port, host });
    await expect(once(socket, 'connect'), host).rejects.toThrow();
  }
  await server.close();
});

it('follows none of the variables that are meant for another server', async () => {
  process.env.ACTUAL_LOGIN_METHOD = 'header';
  process.env.ACTUAL_HTTPS_KEY = '/nowhere';
  const server = await startSyncServer({ dataDir: tempFolder() });
  delete process.env.ACTUAL_LOGIN_METHOD;
  delete process.env.ACTUAL_HTTPS_KEY;
  const answer = await fetch(`${server.url}/account/needs-bootstrap`);
  expect(await answer.json()).toMatchObject({ data: { bootstrapped: false, loginMethod: 'password' } });
  await server.close();
});

it('says when a client syncs', async () => {
  let syncs = 0;
  const server = await startSyncServer({ dataDir: tempFolder(), onSync: () => syncs++ });
  await isUp(server.url);
  await fetch(`${server.url}/sync/sync`, { method: 'POST' });
  await expect.poll(() => syncs, { timeout: 20_000 }).toBe(1);
  await server.close();
});

it('rejects with a coded error when the server cannot start', async () => {
  const dataDir = tempFolder();
  writeFileSync(`${dataDir}/server-files`, 'not a folder');
  await expect(startSyncServer({ dataDir })).rejects.toThrow(SyncServerError);
});
