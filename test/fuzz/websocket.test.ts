import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient } from '../support/api-client.js';
import { tempFolders } from '../support/temp-folder.js';
import { anyText } from './arbitrary-text.js';
import { expectCoded, FuzzedServer, runsOf, seed, patienceMs } from './fuzzed-server.js';

const folder = tempFolders();
let server: FuzzedServer;

beforeAll(async () => {
  server = await FuzzedServer.start(folder());
});

afterAll(() => server.stop());

type Frame = string | Uint8Array;
interface Message {
  readonly type?: unknown;
  readonly payload?: unknown;
}

const framesOfAConnection = 10;
/** Of the protocols, and of broken frames; none says that the server itself went wrong. */
const closeCodes = [1002, 1003, 1007, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4429];

const queries = [
  ...[
    'subscription { jobUpdated { id } }',
    'subscription { jobUpdated(after: "") { position } }',
    '{ viewer { id } }',
  ],
  ...['{ jobs { nodes { id } } }', 'mutation { cancelJob(id: "x") { id } }', 'subscription { nothing }', '{'],
];
const id = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('1', '2', '3') }, anyText);
const payload = fc.record(
  {
    query: fc.oneof(fc.constantFrom(...queries), anyText),
    variables: fc.jsonValue(),
    operationName: fc.jsonValue(),
  },
  { requiredKeys: ['query'] },
);
const message = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('subscribe'), id, payload }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('complete'), id }) },
  {
    weight: 2,
    arbitrary: fc.record(
      { type: fc.constantFrom('ping', 'pong'), payload: fc.jsonValue() },
      { requiredKeys: ['type'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        type: fc.oneof(fc.constantFrom('connection_init', 'connection_ack', 'next', 'error'), anyText),
        id: fc.oneof(id, fc.jsonValue()),
        payload: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  },
);
const frame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 12, arbitrary: message.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(65_537), '['.repeat(60_000), '{"type":') },
);

/** Introduces itself, mostly; sends frame after frame; then asks whether the other side still answers, or was closed. */
async function speak(introduces: boolean, frames: readonly Frame[]): Promise<number | 'ANSWERS'> {
  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(([code]) => code as number);
  let answers: () => void = () => undefined;
  const answered = new Promise<'ANSWERS'>((resolve) => (answers = () => resolve('ANSWERS')));
  const errors: unknown[] = [];
  socket.on('message', (data: Buffer) => {
    const { type, payload: said } = JSON.parse(data.toString()) as Message;
    if (type === 'pong' && said === 'the last one') answers();
    else if (type === 'error') errors.push(...(said as unknown[]));
    else if (type === 'next') errors.push(...((said as { errors?: unknown[] }).errors ?? []));
  });
  await once(socket, 'open');
  if (introduces) socket.send(JSON.stringify({ type: 'connection_init' }));
  for (const each of frames) socket.send(each);
  socket.send(JSON.stringify({ type: 'ping', payload: 'the last one' }));
  const outcome = await Promise.race([closed, answered]);
  socket.close();
  await closed;
  expectCoded(errors as Parameters<typeof expectCoded>[0]);
  return outcome;
}

it(
  'whatever comes over a WebSocket is answered, or closes it with a code of the protocol, and harms nobody else',
  { timeout: patienceMs },
  async () => {
    const connection = fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      fc.array(frame, { minLength: framesOfAConnection, maxLength: framesOfAConnection }),
    );
    const property = fc.asyncProperty(connection, async ([introduces, frames]) => {
      const outcome = await speak(introduces, frames);
      if (outcome !== 'ANSWERS') expect(closeCodes).toContain(outcome);
    });
    const connections = runsOf(0.2) / framesOfAConnection;
    const bystander = new ApiClient(server.url);

    await fc.assert(property, { seed, numRuns: Math.ceil(connections / 4) });
    await server.noteUsualSize();
    await fc.assert(property, { seed: seed + 1, numRuns: Math.floor((connections * 3) / 4) });

    for await (const answer of bystander.subscribe('{ viewer { id } }')) {
      expect(answer).toEqual({ viewer: { id: 'local' } });
    }
    await bystander.close();
    await server.expectUnharmed();
    console.info(
      `${Math.round(connections)} connections with ${framesOfAConnection} frames each harmed nobody.`,
    );
  },
);
