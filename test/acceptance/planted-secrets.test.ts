import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { startActual, password, type ActualFixture } from '../actual/actual-fixture.js';
import { ApiClient } from '../support/api-client.js';
import { allUncategorized, listJobs, startJob, watchToEnd, type StartInput } from '../support/jobs-api.js';
import { json, MisbehavingProxy, webPage, type Misbehaviour } from '../support/misbehaving-proxy.js';
import { answering, failing, OpenAiServer, type Course } from '../support/openai/openai-server.js';
import { spawnServer, startServer, type ServerProcess } from '../support/server-process.js';
import { tokenOf, tokenSecret } from '../support/signed-token.js';
import { tempFolders } from '../support/temp-folder.js';

/**
 * Secrets and texts of other servers lie wherever they can: in the configuration, and in whatever goes wrong. None of them may
 * come out again, in an answer, an event or the log, which is as talkative as it gets.
 */

const tempFolder = tempFolders();
const secrets = {
  ACTUAL_PASSWORD: password,
  ACTUAL_ENCRYPTION_PASSWORD: 'planted-encryption-password',
  OPENAI_API_KEY: 'sk-planted-key',
  AUTH_JWT_SECRET: tokenSecret,
  METRICS_TOKEN: 'planted-metrics-token',
};
/** What other servers say, as they please. */
const upstream = 'planted-upstream at Object.<anonymous> (/srv/app/secret.js:1:1) SELECT * FROM users';

let actual: ActualFixture;
let proxy: MisbehavingProxy;
let model: OpenAiServer;
let server: ServerProcess;
let dataDir: string;
let api: ApiClient;
/** All that clients got to see. */
const answers: string[] = [];
/** Of servers that have ended. */
const logs: string[] = [];

beforeAll(async () => {
  actual = await startActual(tempFolder);
  proxy = await MisbehavingProxy.start(actual.server.url);
  model = await OpenAiServer.start();
  dataDir = path.join(tempFolder(), 'planted-folder');
  mkdirSync(dataDir);
  server = await startServer({ dataDir, env: envOfServer() });
  api = new ApiClient(server.url, { token: await tokenOf('alice') });
});

afterAll(async () => {
  await api.close();
  await server.stop();
  await proxy.close();
  await model.stop();
  await actual.close();
});

const envOfServer = () => ({
  ...secrets,
  ACTUAL_SERVER_URL: proxy.url,
  ACTUAL_SYNC_ID: actual.syncId,
  ACTUAL_TIMEOUT_MS: '4000',
  OPENAI_BASE_URL: model.url,
  OPENAI_MODEL: 'test-model',
  OPENAI_TIMEOUT_MS: '1000',
  MAX_STEP_ATTEMPTS: '1',
  LOG_LEVEL: 'trace',
});

/** Runs a job to its end, and keeps what is told of it. */
async function run(input: StartInput): Promise<string | undefined> {
  const { job } = await startJob(api, input);
  const ended = await watchToEnd(api, job.id);
  answers.push(JSON.stringify(ended));
  return ended.failure?.code;
}

async function post(
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const authorization = `Bearer ${await tokenOf('alice')}`;
  const response = await fetch(new URL('/graphql', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body,
  });
  const text = await response.text();
  answers.push(text, JSON.stringify([...response.headers]));
  return { status: response.status, text };
}

const planted: Readonly<Record<string, Misbehaviour>> = {
  'a page of an error': { ...webPage(502), body: `<html>${upstream}</html>` } as Misbehaviour,
  'a page in place of an answer': { ...webPage(200), body: `<html>${upstream}</html>` } as Misbehaviour,
  'an error of its own': json(500, { status: 'error', reason: upstream, details: upstream }),
  'a refusal': json(400, { status: 'error', reason: upstream, details: upstream }),
  'a refusal of the login': json(401, { status: 'error', reason: upstream, details: upstream }),
  'a refusal without a word': { kind: 'answer', status: 403, body: upstream },
  'too many requests': {
    kind: 'answer',
    status: 429,
    headers: { 'x-note': 'planted-upstream' },
    body: upstream,
  },
  'an answer of another kind': json(200, {
    status: 'ok',
    data: { token: 'planted-upstream-token', note: upstream },
  }),
  'bytes that are none of its messages': { kind: 'answer', status: 200, body: upstream },
  'a way to somewhere else': {
    kind: 'answer',
    status: 302,
    headers: { location: 'http://planted-user:planted-upstream@127.0.0.1:1/' },
    body: upstream,
  },
  'half an answer': { kind: 'cut' },
  'no answer': { kind: 'drop' },
};

/** As an administrator of the Actual server could: whoever comes next has to log in anew. */
function endSessions(): void {
  const accounts = new Database(path.join(actual.serverFolder, 'server-files', 'account.sqlite'));
  accounts.exec('DELETE FROM sessions');
  accounts.close();
}

describe('a sync that fails', () => {
  it.each(
    ['/account/login', '/sync/sync'].flatMap((route) =>
      Object.keys(planted).map((what) => [route, what] as const),
    ),
  )('because %s answers with %s keeps to itself what it heard', async (route, what) => {
    const behaviour = planted[what];
    if (behaviour) proxy.misbehave(route, behaviour);
    if (route === '/account/login') endSessions();
    const code = await run({ type: 'SYNC' });
    proxy.behave();

    expect(code).toMatch(/^ACTUAL_[A-Z_]+$/);
  });

  it('is followed by one that succeeds', async () => {
    expect(await run({ type: 'SYNC' })).toBeUndefined();
  });

  it.each(['a page of an error', 'an answer of another kind', 'bytes that are none of its messages'])(
    'because the first download is %s keeps to itself what it heard, too',
    async (what) => {
      const behaviour = planted[what];
      if (behaviour) proxy.misbehave('/sync/download-user-file', behaviour);
      const other = await startServer({
        dataDir: tempFolder(),
        env: { ...envOfServer(), ACTUAL_TIMEOUT_MS: '2000' },
      });
      const client = new ApiClient(other.url, { token: await tokenOf('alice') });
      const { job } = await startJob(client, { type: 'SYNC' });
      const ended = await watchToEnd(client, job.id);
      answers.push(JSON.stringify(ended));
      proxy.behave();
      await client.close();
      await other.stop();
      logs.push(other.output());

      expect(ended.failure?.code).toMatch(/^ACTUAL_[A-Z_]+$/);
    },
  );
});

const raw =
  (status: number, body: string, headers: Record<string, string> = {}): Course =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

describe('suggestions that fail', () => {
  it.each<[string, Course]>([
    ...[400, 401, 402, 403, 404, 409, 413, 429, 500, 503].map((status): [string, Course] => [
      `status ${status}`,
      failing(status, { message: `${upstream} Incorrect API key provided: sk-planted-key` }),
    ]),
    ['an error with status 200', raw(200, JSON.stringify({ error: { code: 502, message: upstream } }))],
    ['a page', raw(200, `<html>${upstream}</html>`, { 'content-type': 'text/html' })],
    ['broken JSON', raw(200, `{"choices": "${upstream}`)],
    [
      'a way to somewhere else',
      raw(302, upstream, { location: 'http://planted-user:planted-upstream@127.0.0.1:1/' }),
    ],
    ['a refusal', answering('', { refusal: upstream })],
    ['no JSON', answering(upstream)],
    ['a broken connection', (response) => void response.destroy()],
    ['nothing', () => undefined],
  ])('because the model answers with %s keep to themselves what they heard', async (_what, course) => {
    model.does(course);
    const code = await run({ type: 'SUGGESTIONS_GENERATION', batch: allUncategorized });

    if (code !== undefined) expect(code).toMatch(/^MODEL_[A-Z_]+$/);
  });
});

describe('a request that is refused', () => {
  it.each([
    ['no JSON', '{"query": "planted'],
    ['no GraphQL', '{"query": "{ viewer { "}'],
    ['a field that there is not', '{"query": "{ passwords }"}'],
    ['a job that there is not', '{"query": "mutation { cancelJob(id: \\"nope\\") { id } }"}'],
    ['a type that there is not', '{"query": "mutation { startJob(input: { type: DANCE }) { created } }"}'],
    ['a cursor that is none', '{"query": "{ jobs(after: \\"x\\") { totalCount } }"}'],
  ])('as it is %s tells what was wrong with it, and no more', async (_what, body) => {
    expect((await post(body)).text).toMatch(/"code":"(INVALID_INPUT|MISSING_INPUT|JOB_NOT_FOUND)"/);
  });

  it.each(['planted-token', `${'a'.repeat(20)}.planted.token`, ''])(
    'because nobody signed in with %j does not tell it again',
    async (token) => {
      expect(await post('{"query":"{ viewer { id } }"}', { authorization: `Bearer ${token}` })).toMatchObject(
        {
          status: 401,
        },
      );
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
      const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
      answers.push(reason.toString());
      expect(code).toBe(4403);
    },
  );
});

describe('what nobody expected', () => {
  it('is told with a reference, which is in the log and nothing else', async () => {
    const database = new Database(path.join(dataDir, 'read-models.sqlite'));
    database.exec('ALTER TABLE transitions RENAME TO planted_table');
    const [job] = await listJobs(new ApiClient(server.url, { token: await tokenOf('nobody') }));
    expect(job).toBeUndefined();
    const { text } = await post('{"query":"{ jobs(first: 1) { nodes { history { event } } } }"}');
    database.exec('ALTER TABLE planted_table RENAME TO transitions');
    database.close();

    const [, reference = 'none'] = /"reference":"([\w-]{36})"/.exec(text) ?? [];
    expect(JSON.parse(text)).toMatchObject({
      errors: [
        {
          message: `Something went wrong inside this app; the log tells more under ${reference}.`,
          extensions: { code: 'INTERNAL', reference },
        },
      ],
    });
    expect(
      server
        .output()
        .split('\n')
        .filter((line) => line.includes(reference)),
    ).toHaveLength(1);
  });
});

describe('a server that finds no event store', () => {
  it('does not tell with which password it looked for it', async () => {
    const url = 'esdb://planted-user:planted-store-password@127.0.0.1:1?tls=false';
    const waiting = spawnServer({ dataDir: tempFolder(), env: { EVENTSTORE_URL: url, LOG_LEVEL: 'trace' } });
    // A process has to start first.
    await expect.poll(() => waiting.output(), { timeout: 40_000 }).toMatch(/EventStoreDB/);
    await waiting.stop();

    expect(waiting.output()).not.toMatch(/planted-store-password/);
  });
});

describe('of all that happened', () => {
  const plantedTexts = [
    ...Object.values(secrets),
    'planted-upstream',
    'planted-token',
    'sk-planted',
    'secret.js',
  ];

  it('no answer tells a secret, a word of another server, a stack, a path or a statement', () => {
    expect(answers.length).toBeGreaterThan(60);
    for (const answer of answers) {
      for (const text of plantedTexts) expect(answer).not.toContain(text);
      expect(answer).not.toMatch(
        /node_modules|\\n\s+at |SELECT |SQLITE|no such table|planted_table|planted-folder/,
      );
    }
  });

  it('the log tells no secret, no word of another server, and nothing that the model was asked', () => {
    for (const log of [server.output(), ...logs]) {
      expect(log).toContain('A step failed');
      const told = [...plantedTexts, 'Lidl'].flatMap((text) =>
        log.split('\n').filter((line) => line.includes(text)),
      );
      expect(told).toEqual([]);
    }
  });

  it('and no event does', () => {
    const database = new Database(path.join(dataDir, 'events.sqlite'), { readonly: true });
    const events = JSON.stringify(database.prepare('SELECT * FROM events').all(), (_key, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString() : value,
    );
    database.close();
    for (const text of plantedTexts) expect(events).not.toContain(text);
  });
});
