import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient, ApiError } from '../../support/api-client.js';
import { startServer, type ServerProcess } from '../../support/server-process.js';
import { tokenOf, tokenSecret } from '../../support/signed-token.js';
import { tempFolders } from '../../support/temp-folder.js';

/** The real built server where users sign in, with limits that are soon met. */

const tempFolder = tempFolders();
const metricsToken = 'metrics-metrics-metrics';
const perMinute = 20;
const perAddress = 30;
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({
    dataDir: tempFolder(),
    env: {
      AUTH_JWT_SECRET: tokenSecret,
      METRICS_TOKEN: metricsToken,
      AUTH_TRUSTED_PROXIES: '127.0.0.1,::1',
      MAX_BODY_BYTES: '16384',
      MAX_FRAME_BYTES: '8192',
      MAX_HEADER_BYTES: '8192',
      MAX_QUERY_TOKENS: '200',
      MAX_QUERY_DEPTH: '6',
      MAX_QUERY_ALIASES: '5',
      MAX_QUERY_COMPLEXITY: '6000',
      MAX_REQUESTS_PER_MINUTE: String(perMinute),
      MAX_ADDRESS_REQUESTS_PER_MINUTE: String(perAddress),
      MAX_USER_CONNECTIONS: '2',
      MAX_USER_SUBSCRIPTIONS: '3',
      MAX_UNREAD_BYTES: '65536',
      REQUEST_TIMEOUT_MS: '500',
      CONNECTION_INIT_TIMEOUT_MS: '200',
      INTROSPECTION: 'false',
      PLAYGROUND: 'false',
    },
  });
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const clients: ApiClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

async function as(subject: string): Promise<ApiClient> {
  const client = new ApiClient(server.url, { token: await tokenOf(subject) });
  clients.push(client);
  return client;
}

async function overWebSocket(api: ApiClient, query: string): Promise<unknown> {
  for await (const answer of api.subscribe(query)) return answer;
  return undefined;
}

async function post(
  headers: Record<string, string>,
  body = '{"query":"{ viewer { id } }"}',
): Promise<Response> {
  const url = new URL('/graphql', server.url);
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

/** How many were refused because of a limit since the server was started. */
function refused(limit: string): Promise<number> {
  return counted(`refused_total\\{limit="${limit}"\\}`);
}

/** @param sample what stands before its value, as an expression */
async function counted(sample: string): Promise<number> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const metrics = await (await fetch(new URL('/metrics', server.url), { headers })).text();
  const [, count] = new RegExp(`^actual_jobs_${sample} (\\d+)$`, 'm').exec(metrics) ?? [];
  return Number(count);
}

const port = () => Number(new URL(server.url).port);

function rawSocket(sent: string): Socket {
  const socket = connect(port(), '127.0.0.1');
  socket.write(sent);
  return socket;
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

describe('a request that asks for too much', () => {
  it.each([
    ['words', 'tokens', `{ viewer { ${'id '.repeat(200)} } }`],
    ['levels', 'depth', `{ viewer ${'{ ... '.repeat(6)} { id } ${'}'.repeat(6)} }`],
    ['names of its own', 'aliases', `{ viewer { ${[1, 2, 3, 4, 5, 6].map((n) => `a${n}: id`).join(' ')} } }`],
    [
      'fields',
      'complexity',
      '{ jobs(first: 100) { nodes { steps { order type status attempt startedAt completedAt } } } }',
    ],
  ])('with %s is refused over HTTP and WebSockets alike, and counted', async (what, limit, query) => {
    const api = await as(`greedy for ${what}`);
    const before = await refused(limit);

    await expect(api.request(query)).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    await expect(overWebSocket(api, query)).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });

    expect(await refused(limit)).toBe(before + 2);
    expect(await api.request('{ viewer { id } }')).toEqual({ viewer: { id: `greedy for ${what}` } });
  });

  it('about the schema is refused over both where that is not to be asked for, and nothing of it is guessed', async () => {
    const api = await as('curious');
    for (const query of ['{ __schema { types { name } } }', '{ viewr { id } }']) {
      const answers = await Promise.allSettled([api.request(query), overWebSocket(api, query)]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_INPUT' } });
        expect(JSON.stringify(answer)).not.toMatch(/Did you mean/);
      }
    }
    expect(await fetch(new URL('/playground', server.url))).toMatchObject({ status: 404 });
  });
});

describe('a request that is too large', () => {
  it('is refused over HTTP, by its body and by its headers', async () => {
    const authorization = `Bearer ${await tokenOf('large')}`;

    const body = await post({ authorization }, `{"query":"${'x'.repeat(20_000)}"}`);
    const headers = await post({ authorization, 'x-large': 'x'.repeat(9_000) });

    expect([body.status, headers.status]).toEqual([413, 431]);
    expect([await refused('body'), await refused('headers')]).toEqual([1, 1]);
  });

  it('is refused over a WebSocket, which is closed', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('x'.repeat(9_000));

    expect(await closeCode(socket)).toBe(1009);
    await expect.poll(() => refused('frame')).toBe(1);
  });
});

describe('who asks too often', () => {
  it('is told when to ask again, over HTTP and WebSockets, and nobody else waits', async () => {
    const authorization = `Bearer ${await tokenOf('hasty')}`;
    for (let n = 0; n < perMinute; n++) expect(await post({ authorization })).toMatchObject({ status: 200 });

    const answer = await post({ authorization });
    const hasty = await as('hasty');
    const overSocket = overWebSocket(hasty, '{ viewer { id } }');

    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(
            /^Too many requests within a minute: ask again in \d+ s\.$/,
          ) as string,
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
    });
    await expect(overSocket).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterSeconds: expect.any(Number) as number },
    });
    expect(await refused('user_rate')).toBe(2);
    expect(await (await as('patient')).request('{ viewer { id } }')).toEqual({ viewer: { id: 'patient' } });
  });

  it('is told so sooner where each request asks for much', async () => {
    const authorization = `Bearer ${await tokenOf('greedy')}`;
    const query = '{ jobs(first: 100) { nodes { steps { order type status attempt startedAt } } } }';
    let answered = 0;
    for (;;) {
      const { status, headers } = await post({ authorization }, JSON.stringify({ query }));
      expect(headers.has('retry-after')).toBe(status === 429);
      if (status === 429) break;
      answered += 1;
    }

    // 5,201 fields make six of each.
    expect(answered).toBe(Math.ceil(perMinute / 6));
    await expect(overWebSocket(await as('greedy'), query)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('and asks on over a WebSocket, is cut off', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: await tokenOf('stubborn') } }));
    await once(socket, 'message');
    const closed = closeCode(socket);
    for (let n = 0; n < perMinute + 102; n++) {
      socket.send(
        JSON.stringify({ id: String(n), type: 'subscribe', payload: { query: '{ viewer { id } }' } }),
      );
    }

    expect(await closed).toBe(1013);
  });

  it('from one address is refused before it is asked who that is, for WebSockets too, and no other address is', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    for (let n = 0; n < perAddress; n++)
      expect(await post(from('198.51.100.1'))).toMatchObject({ status: 401 });

    expect(await post(from('198.51.100.1'))).toMatchObject({ status: 429 });
    const url = `${server.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers: from('198.51.100.1') });
    expect(await once(socket, 'error')).toMatchObject([{ message: 'Unexpected server response: 429' }]);
    expect(await post(from('198.51.100.2'))).toMatchObject({ status: 401 });
    expect(await refused('address_rate')).toBe(2);
  });
});

describe('one user', () => {
  it('has so many connections, and the next one is told to come again later', async () => {
    const others = [await as('connected'), await as('connected')];
    const waiting = others.map((api) => api.subscribe('subscription { jobUpdated { id } }').next());
    await expect.poll(() => closeCodeOf('connected')).toBe(1013);
    expect(await refused('connections')).toBeGreaterThan(0);

    await Promise.all(others.map((api) => api.close()));
    await Promise.all(waiting);

    expect(await overWebSocket(await as('connected'), '{ viewer { id } }')).toEqual({
      viewer: { id: 'connected' },
    });
  });

  it('has so many subscriptions over all connections, and may end some of them', async () => {
    const [one, other] = [await as('subscribed'), await as('subscribed')];
    const live = [one, one, other].map((api) => api.subscribe('subscription { jobUpdated { id } }'));
    const others = await counted('subscribers');
    const waiting = live.map((updates) => updates.next());
    // Whatever is asked before that would take the place of one of them.
    await expect.poll(() => counted('subscribers')).toBe(others + live.length);
    await expect.poll(() => answerTo(other)).toBe('RATE_LIMITED');
    expect(await refused('subscriptions')).toBeGreaterThan(0);

    await one.close();
    await Promise.all(waiting.slice(0, 2));

    await expect.poll(() => answerTo(other)).toEqual({ viewer: { id: 'subscribed' } });
  });
});

/** The code where it is an error. */
function answerTo(api: ApiClient): Promise<unknown> {
  return overWebSocket(api, '{ viewer { id } }').catch((error: unknown) =>
    error instanceof ApiError ? error.code : error,
  );
}

/** With which code a connection of this user is closed before it is acknowledged; undefined where it is not. */
async function closeCodeOf(subject: string): Promise<number | undefined> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: await tokenOf(subject) } }));
  const code = await Promise.race([once(socket, 'message').then(() => undefined), closeCode(socket)]);
  socket.terminate();
  return code;
}

describe('who takes too long', () => {
  it.each([
    ['anything at all', ''],
    ['headers', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'a body',
      () =>
        tokenOf('slow').then(
          (token) =>
            `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":`,
        ),
    ],
  ])('to send %s is no longer waited for', async (_what, beginning) => {
    const before = await refused('request_time');
    const socket = rawSocket(typeof beginning === 'string' ? beginning : await beginning());

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(await refused('request_time')).toBe(before + 1);
  });

  it('to say who it is over a WebSocket is no longer waited for', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    expect(await closeCode(socket)).toBe(4408);
    await expect.poll(() => refused('connection_init_time')).toBe(1);
  });

  it('to read what it asked for is given up, and what waited for it with it', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: await tokenOf('asleep') } }));
    await once(socket, 'message');
    socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(8_000) } });

    const asksOn = setInterval(() => {
      for (let n = 0; n < 200; n++) socket.send(ping);
    }, 10);
    await expect.poll(() => refused('unread'), { timeout: 20_000 }).toBe(1);

    clearInterval(asksOn);
    socket.terminate();
  });
});
