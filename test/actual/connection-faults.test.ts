import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSyncServer, type SyncServer } from '../../src/demo/sync-server.js';
import { json, MisbehavingProxy, webPage } from '../support/misbehaving-proxy.js';
import { tempFolders } from '../support/temp-folder.js';
import { failureOf, forever, OpenBudgets, startServer } from './actual-fixture.js';

const tempFolder = tempFolders();
const budgets = new OpenBudgets();
const syncId = 'no-such-sync-id';

let server: SyncServer;
let proxy: MisbehavingProxy;
beforeAll(async () => {
  server = await startServer(tempFolder());
  proxy = await MisbehavingProxy.start(server.url);
});
const others: { close(): Promise<void> }[] = [];
const untilTheEnd = <T extends { close(): Promise<void> }>(other: T): T => {
  others.push(other);
  return other;
};
afterEach(async () => {
  await budgets.closeAll();
  await Promise.all(others.splice(0).map((other) => other.close()));
  proxy.behave();
  proxy.requests.length = 0;
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});

type Options = Partial<Parameters<OpenBudgets['open']>[0]>;
const open = (options: Options = {}) => budgets.open({ url: proxy.url, folder: tempFolder(), ...options });
const failureOfSync = (options: Options = {}) => failureOf(open(options).sync(syncId, forever));

it('says that nothing is running where connections are refused', async () => {
  const port = await freePort();
  expect(await failureOfSync({ url: `http://127.0.0.1:${port}` })).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `Nothing accepts connections at 127.0.0.1:${port}: the Actual server is not running there.`,
    action: 'Start the Actual server, or correct ACTUAL_SERVER_URL and restart, then retry.',
    retryable: true,
  });
});

it('names the host that could not be found', async () => {
  // Longer than a label of a name may be: no resolver has to be asked.
  const host = `${'a'.repeat(64)}.invalid`;
  expect(await failureOfSync({ url: `http://${host}:5006` })).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The host ${host} could not be found.`,
    action: 'Correct the host in ACTUAL_SERVER_URL and restart, or mend the name resolution of this machine.',
    retryable: false,
  });
});

it('says that a certificate is not trusted, and how to trust it', async () => {
  const secure = untilTheEnd(await MisbehavingProxy.start(server.url, { isSecure: true }));
  expect(await failureOfSync({ url: `https://127.0.0.1:${secure.port}` })).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The certificate of 127.0.0.1:${secure.port} is not trusted by this machine.`,
    action:
      'Set NODE_EXTRA_CA_CERTS to the file with the certificate, or with that of its issuer, and restart.',
    retryable: false,
  });
});

it('hints at https where http was spoken to a port that wants https', async () => {
  const secure = untilTheEnd(await MisbehavingProxy.start(server.url, { isSecure: true }));
  const failure = await failureOfSync({ url: `http://127.0.0.1:${secure.port}` });
  expect(failure.code).toBe('ACTUAL_UNREACHABLE');
  expect(failure.message).toContain(`127.0.0.1:${secure.port}`);
  expect(failure.action).toContain('https://');
});

it('says that there is no https where http is spoken', async () => {
  expect(await failureOfSync({ url: `https://127.0.0.1:${proxy.port}` })).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `What answers at 127.0.0.1:${proxy.port} does not speak https.`,
    action: 'Correct ACTUAL_SERVER_URL, perhaps it must begin with http://, and restart.',
    retryable: false,
  });
});

it('says that the connection was closed without an answer', async () => {
  proxy.misbehave('/account/login', { kind: 'drop' });
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The connection to 127.0.0.1:${proxy.port} was closed before the Actual server answered.`,
    action: 'Retry; if it happens again, check whether ACTUAL_SERVER_URL must begin with https://.',
    retryable: true,
  });
});

it('does not mind a connection that was closed once', async () => {
  proxy.misbehave('/account/login', { kind: 'drop' }, 1);
  expect(await failureOfSync()).toMatchObject({ code: 'ACTUAL_BUDGET_NOT_FOUND' });
});

it('says that the connection dropped in the middle of an answer', async () => {
  proxy.misbehave('/account/login', { kind: 'cut' });
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_UNREACHABLE',
    message: `The connection to 127.0.0.1:${proxy.port} dropped in the middle of an answer.`,
    retryable: true,
  });
});

it('does not wait for a silent server longer than it may', async () => {
  proxy.misbehave('/account/', { kind: 'stall' });
  expect(await failureOfSync({ timeoutMs: 300 })).toMatchObject({
    code: 'ACTUAL_TIMEOUT',
    message: 'The Actual server did not answer within 0.3 s.',
    action: 'Check how busy the Actual server is, or raise ACTUAL_TIMEOUT_MS, then retry.',
    retryable: true,
  });
});

it('says that the password was rejected, and asks again with it only after some minutes', async () => {
  const opened = open({ password: 'wrong' });
  const rejected = {
    code: 'ACTUAL_AUTH_FAILED',
    message: 'The Actual server rejected the password.',
    action: 'Set the right ACTUAL_PASSWORD and restart.',
    retryable: false,
  };
  expect(await failureOf(opened.sync(syncId, forever))).toMatchObject(rejected);
  expect(await failureOf(opened.sync(syncId, forever))).toMatchObject(rejected);
  expect(proxy.count('POST /account/login')).toBe(1);
});

it('logs in once for all who come at the same time', async () => {
  const syncIds = ['one', 'two', 'three'];
  const opened = open({ syncIds });
  await Promise.all(syncIds.map((id) => failureOf(opened.sync(id, forever))));
  expect(proxy.count('POST /account/login')).toBe(1);
});

it('says that the login is locked after too many wrong passwords, and how long', async () => {
  const locked = untilTheEnd(await startServer(tempFolder()));
  for (let attempt = 1; attempt <= 5; attempt++) {
    await fetch(`${locked.url}/account/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ password: 'wrong' }),
    });
  }
  const failure = await failureOfSync({ url: locked.url });
  expect(failure).toMatchObject({
    code: 'ACTUAL_RATE_LIMITED',
    message: 'The Actual server has locked its login for a while because of too many wrong passwords.',
    action: 'Set the right ACTUAL_PASSWORD, wait 15 minutes, then restart.',
    retryable: true,
  });
  expect(failure.retryAfterMs).toBeGreaterThan(60_000);
});

it('says that the server limits requests, as a real one does, and how long', async () => {
  const busy = untilTheEnd(await startServer(tempFolder()));
  const opened = open({ url: busy.url });
  expect(await failureOf(opened.sync(syncId, forever))).toMatchObject({ code: 'ACTUAL_BUDGET_NOT_FOUND' });
  let isLimited = false;
  while (!isLimited) {
    const answer = await fetch(`${busy.url}/info`, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
    isLimited = answer.status === 429;
  }
  const failure = await failureOf(opened.sync(syncId, forever));
  expect(failure).toMatchObject({
    code: 'ACTUAL_RATE_LIMITED',
    message: 'The Actual server is receiving too many requests.',
    action: 'Wait some minutes, then retry.',
    retryable: true,
  });
  expect(failure.retryAfterMs).toBeGreaterThan(0);
});

it('does not ask a server with an empty password', async () => {
  expect(await failureOfSync({ password: '' })).toMatchObject({
    code: 'ACTUAL_AUTH_FAILED',
    message: 'There is no password for the Actual server.',
    action: 'Set ACTUAL_PASSWORD and restart.',
    retryable: false,
  });
  expect(proxy.requests).toEqual([]);
});

it('says that an address is not one', async () => {
  expect(await failureOfSync({ url: 'my server' })).toMatchObject({
    code: 'ACTUAL_NOT_A_SERVER',
    message: 'The configured address of the Actual server is not an address.',
    action: 'Set ACTUAL_SERVER_URL to the address at which you open Actual.',
    retryable: false,
  });
});

it('says that a server that only OpenID opens takes no password, and sends it none', async () => {
  const openId = { bootstrapped: true, availableLoginMethods: [{ method: 'openid', active: true }] };
  proxy.misbehave('/account/needs-bootstrap', json(200, { status: 'ok', data: openId }));
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_AUTH_FAILED',
    message: 'The Actual server does not accept a login with a password, only through OpenID or a proxy.',
    action: 'Enable the login with a password in Actual as well, then retry.',
    retryable: false,
  });
  expect(proxy.count('POST /account/login')).toBe(0);
});

it('says that a server has no password yet', async () => {
  const fresh = untilTheEnd(await startSyncServer({ dataDir: tempFolder() }));
  expect(await failureOfSync({ url: fresh.url })).toMatchObject({
    code: 'ACTUAL_AUTH_FAILED',
    message: 'The Actual server has not been set up: it has no password yet.',
    retryable: false,
  });
});

it.each([
  ['a web page', webPage(200)],
  ['something else', json(200, { hello: 'secret-detail' })],
])('says that %s is not an Actual server, and sends it no password', async (_what, answer) => {
  proxy.misbehave('/', answer);
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_NOT_A_SERVER',
    message: 'What answers at the configured address is not an Actual server.',
    action: 'Set ACTUAL_SERVER_URL to the address at which you open Actual.',
    retryable: false,
  });
  expect(proxy.count('POST /account/login')).toBe(0);
});

it('says that there is no Actual server where nothing is found', async () => {
  proxy.misbehave('/', webPage(404));
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_NOT_A_SERVER',
    message: `What answers at 127.0.0.1:${proxy.port} is not an Actual server, or a proxy hides it (status 404).`,
    retryable: false,
  });
});

it('says that a proxy wants a login of its own', async () => {
  proxy.misbehave('/', webPage(401));
  expect(await failureOfSync()).toMatchObject({
    code: 'ACTUAL_AUTH_FAILED',
    message: 'A proxy before the Actual server asks for a login of its own (status 401).',
    retryable: false,
  });
});

/** Of a server that is gone. */
async function freePort(): Promise<number> {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  return port;
}
