import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempFolders } from '../support/temp-folder.js';
import { anyText } from './arbitrary-text.js';
import { FuzzedServer, runsOf, seed, patienceMs } from './fuzzed-server.js';

const folder = tempFolders();
let server: FuzzedServer;

beforeAll(async () => {
  server = await FuzzedServer.start(folder());
});

afterAll(() => server.stop());

const method = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'TRACE',
      'CONNECT',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('get', 'SYNC', 'PRI', '', 'G ET') },
);
const pathname = fc.oneof(
  fc.constantFrom(
    '/',
    '/graphql',
    '/graphql/',
    '/graphql?query={viewer{id}}',
    '/playground',
    '/metrics',
    '/readyz',
    '/healthz',
  ),
  fc.constantFrom(
    '/assets/',
    '/assets/..%2f..%2fpackage.json',
    '/assets/.env',
    '/.git/config',
    '/favicon.svg',
    '//',
    '/%',
    '/%00',
    '*',
  ),
  anyText.map((text) => `/${encodeURIComponent(Buffer.from(text).toString())}`),
  anyText.map((text) => `/graphql?query=${encodeURIComponent(Buffer.from(text).toString())}&variables=%7B`),
);
const headerName = fc.oneof(
  fc.constantFrom(
    'content-type',
    'accept',
    'origin',
    'authorization',
    'transfer-encoding',
    'content-length',
    'upgrade',
  ),
  fc.constantFrom(
    'connection',
    'x-forwarded-for',
    'expect',
    'range',
    'if-none-match',
    'sec-websocket-key',
    'cookie',
    'x-apollo-operation-name',
  ),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const headerValue = fc.oneof(
  fc.constantFrom(
    'application/json',
    'application/json; charset=utf-99',
    'multipart/form-data',
    'text/plain',
    '*/*',
    'null',
  ),
  fc.constantFrom(
    'chunked',
    '5',
    '-1',
    '18446744073709551616',
    'websocket',
    'close',
    '100-continue',
    'bytes=0-,-1',
    'Bearer x.y.z',
  ),
  anyText,
  fc.constantFrom('x'.repeat(20_000)),
);
const body = fc.oneof(
  fc.constantFrom(
    '',
    '{"query":"{viewer{id}}"}',
    '{"query":',
    '[]',
    '0',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffff\r\n',
  ),
  anyText,
  fc.json(),
);

const request = fc
  .record({
    method,
    pathname,
    host: fc.oneof({ weight: 6, arbitrary: fc.constant('localhost') }, anyText),
    headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 4 }),
    body,
    isMeasured: fc.boolean(),
  })
  .map((of) => {
    const headers = [
      ['Host', of.host],
      ...of.headers,
      ...(of.isMeasured ? [['Content-Length', String(Buffer.byteLength(of.body))]] : []),
    ];
    const lines = [
      `${of.method} ${of.pathname} HTTP/1.1`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${of.body}`, 'latin1');
  });
const bytes = fc.oneof(
  { weight: 8, arbitrary: request },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((all) => Buffer.from(all)) },
);

/** What comes back, until the other side ends it or has waited for more than it got. */
async function answerTo(sent: Buffer): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Whoever sends on after it was refused may hear of that alone.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // What is sent goes on, as far as the server can tell: it would give up an answer to whoever does not.
  socket.write(sent);
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

/** Most of them wait until the server has waited long enough for the rest of a request. */
const atOnce = 150;

async function sendAll(all: readonly Buffer[]): Promise<void> {
  for (let start = 0; start < all.length; start += atOnce) {
    const some = all.slice(start, start + atOnce);
    const answers = await Promise.all(some.map(answerTo));
    for (const [n, answer] of answers.entries()) {
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
      const sent = `To ${JSON.stringify(some[n]?.toString('latin1').slice(0, 1_000))}`;
      // What is not even the beginning of a request is ended without a word.
      if (answer !== '') expect(Number(status), sent).toBeLessThan(500);
      expect(answer, sent).not.toMatch(
        /node_modules|\n\s+at |ENOENT|repositoryformatversion|"devDependencies"/,
      );
    }
  }
}

it(
  'whatever comes over HTTP is answered below 500 or ended, tells nothing of the inside, and harms nobody else',
  { timeout: patienceMs },
  async () => {
    const all = fc.sample(bytes, { seed, numRuns: runsOf(0.15) });
    const first = Math.ceil(all.length / 4);

    await sendAll(all.slice(0, first));
    await server.noteUsualSize();
    await sendAll(all.slice(first));

    await server.expectUnharmed();
    console.info(`${all.length} requests over HTTP were answered below 500, or ended.`);
  },
);
