import { readdirSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';

const tempFolder = tempFolders();
let dataDir: string;
let server: ServerProcess;

beforeAll(async () => {
  dataDir = tempFolder();
  server = await startServer({ dataDir });
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** With headers that `fetch` does not let one set. */
async function send(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const sent = request(new URL(target, server.url), { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const json = { 'content-type': 'application/json' };
const viewer = JSON.stringify({ query: '{ viewer { id } }' });
const codeOf = ({ body }: Reply) =>
  (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('the server over HTTP', () => {
  it('says that it lives, and that it is ready', async () => {
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200 });
    const ready = await send('GET', '/readyz');
    expect(ready.status).toBe(200);
    const since = expect.stringMatching(/^\d{4}-.+Z$/) as string;
    const caughtUp = {
      ...{ ready: true, status: 'LIVE', since },
      behind: { seconds: 0, shareOfLog: 0, secondsLeft: 0 },
    };
    const names = ['lanes', 'jobs', 'history', 'suggestions', 'unanswered', 'references'];
    expect(JSON.parse(ready.body)).toEqual({
      ready: true,
      since,
      parts: {
        eventStore: { ready: true, status: 'AVAILABLE', since },
        readModels: { ...caughtUp, parts: Object.fromEntries(names.map((name) => [name, caughtUp])) },
        saga: { ready: true, status: 'STARTED', since },
      },
    });
  });

  it('tells Prometheus at this machine what it counts, and nobody else', async () => {
    const metrics = await send('GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');

    const other = await send('GET', '/metrics', { host: 'elsewhere.example' });
    expect([other.status, codeOf(other)]).toEqual([403, 'FORBIDDEN']);
  });

  it('answers a query of whoever sits at this machine', async () => {
    const reply = await send('POST', '/graphql', json, viewer);
    expect(JSON.parse(reply.body)).toEqual({ data: { viewer: { id: 'local' } } });
  });

  it('serves the page and the playground, both from itself alone', async () => {
    for (const path of ['/', '/playground']) {
      const reply = await send('GET', path);
      expect(reply.status).toBe(200);
      expect(reply.headers['content-security-policy']).toContain("default-src 'self'");
      expect(reply.body).not.toMatch(/(src|href)="https?:/);
    }
  });

  it.each([
    '/',
    '/playground',
    '/graphql',
    '/healthz',
    '/readyz',
    '/metrics',
    '/favicon.svg',
    '/nowhere',
    '/assets/nothing',
  ])('lets a browser do no more than it has to with what it answers at %s', async (path) => {
    const { headers } = await send('GET', path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(
        /default-src '(self|none)'.*frame-ancestors 'none'/,
      ) as string,
    });
    expect(headers['content-security-policy']?.includes('unsafe')).toBe(path === '/playground');
    for (const name of ['x-powered-by', 'server', 'set-cookie', 'access-control-allow-origin']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it.each([
    ...[
      '/assets',
      '/assets/',
      '/assets/.env',
      '/.env',
      '/.git/config',
      '/assets/.git/config',
      '/playground/index.html',
    ],
    ...[
      '/assets/../index.html',
      '/assets/..%2findex.html',
      '/assets/%2e%2e%2findex.html',
      '/assets/..%5cindex.html',
    ],
    ...['/assets//../../package.json', '/assets/%00', '/assets/index.html%00.css'],
  ])('has nothing to show at %s', async (path) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    // As it stands: the usual clients would tidy it up.
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[034] /);
  });

  it.each([
    ['nothing is', 'GET', '/nowhere', {}, undefined, 404, 'NOT_FOUND'],
    ['a document would come without its policy', 'GET', '/index.html', {}, undefined, 404, 'NOT_FOUND'],
    ['the body is not JSON', 'POST', '/graphql', json, '{', 400, 'INVALID_INPUT'],
    ['the body is too large', 'POST', '/graphql', json, `"${'x'.repeat(1_100_000)}"`, 413, 'INVALID_INPUT'],
    ['the path is malformed', 'GET', '/assets/%', {}, undefined, 404, 'NOT_FOUND'],
  ])('answers with a code where %s', async (_, method, path, headers, body, status, code) => {
    const reply = await send(method, path, headers, body);
    expect(reply.status).toBe(status);
    expect(codeOf(reply)).toBe(code);
    expect(reply.body).not.toMatch(/node_modules|at .+:\d+/);
  });

  it.each([
    ['a subscription needs a WebSocket', 'subscription { jobUpdated { id } }', /needs a WebSocket/],
    [
      'a request is nested too deeply to be read',
      `{ jobs(filter: ${'['.repeat(20_000)}) { totalCount } }`,
      /^The request is nested too deeply\.$/,
    ],
  ])('says that %s', async (_what, query, sentence) => {
    const headers = { ...json, accept: 'application/graphql-response+json' };
    const reply = await send('POST', '/graphql', headers, JSON.stringify({ query }));
    expect(reply.status).toBe(400);
    const { errors } = JSON.parse(reply.body) as { errors: { message: string; extensions: object }[] };
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(sentence) as string,
        extensions: { code: 'INVALID_INPUT' },
      }),
    ]);
  });

  it.each([
    ['what is sent in it, where that is no GraphQL', {}, '{}', 400, /^Send JSON with a `query`/],
    ['in which form answers come', { accept: 'text/html' }, viewer, 406, /^Answers are JSON/],
  ])('says of a request %s', async (_what, headers: Record<string, string>, body, status, sentence) => {
    const reply = await send('POST', '/graphql', { ...json, ...headers }, body);
    expect(reply.status).toBe(status);
    const { errors } = JSON.parse(reply.body) as { errors: { message: string }[] };
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(sentence) as string })]);
  });

  it('does not carry out a mutation that a plain link or form could send', async () => {
    const mutation = encodeURIComponent('mutation { startJob(input: { type: SYNC }) { created } }');
    const link = await send('GET', `/graphql?query=${mutation}`);
    expect(link.status).toBe(400);
    const form = await send('POST', '/graphql', { 'content-type': 'text/plain' }, viewer);
    expect(form.status).toBeGreaterThanOrEqual(400);
    const { body } = await send(
      'POST',
      '/graphql',
      json,
      JSON.stringify({ query: '{ jobs { totalCount } }' }),
    );
    expect(JSON.parse(body)).toEqual({ data: { jobs: { totalCount: 0 } } });
  });
});

it('lets nobody else read what it writes, also into a folder that was there before', () => {
  const files = readdirSync(dataDir).map((name) => [name, statSync(path.join(dataDir, name))] as const);
  expect(files.map(([name]) => name)).toContain('events.sqlite');
  for (const [name, { mode }] of files) expect(mode & 0o077, name).toBe(0);
});

describe('the server over WebSockets', () => {
  it('outlives an upgrade of what is no address', async () => {
    const reply = await send('GET', '/', { connection: 'Upgrade', upgrade: 'websocket' }).catch(
      () => undefined,
    );
    expect(reply?.status ?? 404).toBe(404);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('GET // HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 404 /);
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200 });
  });
});

describe('the guard of the loopback', () => {
  it.each([
    ['a foreign Host, as DNS rebinding has', { host: 'evil.example' }],
    ['a Host that only begins like the loopback', { host: '127.0.0.1.evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['the Origin of another port', { origin: 'http://localhost:1' }],
  ])('refuses %s over HTTP', async (_, headers: Record<string, string>) => {
    const reply = await send('POST', '/graphql', { ...json, ...headers }, viewer);
    expect(reply.status).toBe(403);
    expect(reply.body).not.toContain('local"');
    expect((await send('GET', '/', headers)).status).toBe(403);
  });

  it('lets its own page in, by whichever name of the loopback', async () => {
    const { port } = new URL(server.url);
    for (const name of ['localhost', '127.0.0.1']) {
      const headers = { ...json, host: `${name}:${port}`, origin: `http://${name}:${port}` };
      expect((await send('POST', '/graphql', headers, viewer)).status).toBe(200);
    }
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
  ])('refuses %s over a WebSocket', async (_, headers: Record<string, string>) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });
});
