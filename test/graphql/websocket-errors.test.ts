import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { jobStream } from '../../src/domain/streams.js';
import { openSqliteEventStore } from '../../src/eventstore/sqlite/sqlite-event-store.js';
import { ApiClient, ApiError } from '../support/api-client.js';
import { openHousehold, type Household } from '../support/household.js';
import {
  jobSucceeded,
  queued,
  started,
  stepStarted,
  stepSucceeded,
  syncRequest,
} from '../support/job-history.js';
import { cancelJob, listJobs, readJob, retryJob, startJob } from '../support/jobs-api.js';
import { Observer } from '../support/observer.js';
import { record } from '../support/read-side.js';

let household: Household;
/** Is connected all the time, and must not notice anything. */
let bystander: Observer;

beforeAll(async () => {
  household = await openHousehold();
  await household.server.stop();
  await recordSomebodyElsesJob('theirs');
  await household.restart();
  bystander = new Observer(household.server.url, { after: '' });
});

afterAll(async () => {
  const { job } = await startJob(household.api, { type: 'SYNC' });
  await bystander.until(({ id, status }) => id === job.id && status === 'SUCCEEDED');
  expect(new Set(bystander.seen.map(({ id }) => id))).toEqual(new Set([job.id]));
  await bystander.close();
  await household.close();
});

async function recordSomebodyElsesJob(id: string): Promise<void> {
  const store = await openSqliteEventStore({ file: path.join(household.dataDir, 'events.sqlite') });
  const request = { ...syncRequest, ownerId: 'somebody-else', budgetId: household.budgetIds[0] ?? '' };
  const history = [queued(request), started(), stepStarted(), stepSucceeded(), jobSucceeded()];
  await record(store, jobStream(id), ...history);
  await store.close();
}

/** What ends a subscription that cannot be. */
async function refusalOf(api: ApiClient, query: string, variables = {}): Promise<ApiError> {
  try {
    for await (const answer of api.subscribe(query, variables)) expect(answer).toBeUndefined();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('The subscription ended without an error');
}

async function viewerOver(api: ApiClient): Promise<unknown> {
  for await (const answer of api.subscribe('{ viewer { id } }')) return answer;
  return undefined;
}

const updates = (args: string) => `subscription { jobUpdated(${args}) { id } }`;

describe('a subscription that cannot be', () => {
  it.each([
    ['what is no GraphQL', 'subscription {', {}, 'INVALID_INPUT'],
    ['nothing', '', {}, 'INVALID_INPUT'],
    ['a field that there is not', 'subscription { jobDeleted { id } }', {}, 'INVALID_INPUT'],
    ['two fields at once', 'subscription { a: jobUpdated { id } b: jobUpdated { id } }', {}, 'INVALID_INPUT'],
    ['a type that there is not', updates('types: [DANCE]'), {}, 'INVALID_INPUT'],
    [
      'a variable of the wrong type',
      'subscription ($types: [JobType!]) { jobUpdated(types: $types) { id } }',
      { types: 'DANCE' },
      'INVALID_INPUT',
    ],
    [
      'without a variable that it needs',
      'subscription ($id: ID!) { jobUpdated(jobId: $id) { id } }',
      {},
      'MISSING_INPUT',
    ],
    [
      'an argument that a variable leaves null',
      'mutation ($id: ID = "x") { cancelJob(id: $id) { id } }',
      { id: null },
      'INVALID_INPUT',
    ],
    ['too much', `subscription { jobUpdated { ${'id '.repeat(2_000)} } }`, {}, 'QUERY_TOO_COMPLEX'],
    ['a position that is none', updates('after: "yesterday"'), {}, 'INVALID_INPUT'],
    ['a job that there is not', updates('jobId: "nope"'), {}, 'JOB_NOT_FOUND'],
    ['a job with an empty id', updates('jobId: ""'), {}, 'JOB_NOT_FOUND'],
  ])('as it asks for %s, gets a coded error, and its connection stays', async (_, query, variables, code) => {
    const api = new ApiClient(household.server.url);
    const other = api.subscribe('subscription { jobUpdated { id } }');
    const waiting = other.next();

    const error = await refusalOf(api, query, variables);

    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\w/);
    expect(JSON.stringify(error.extensions)).not.toMatch(/node_modules|\.js:\d/);
    expect(await viewerOver(api)).toEqual({ viewer: { id: 'local' } });
    await api.close();
    expect(await waiting).toMatchObject({ done: true });
  });

  it('as it asks for the job of somebody else, is answered as where there is none', async () => {
    const { api } = household;
    const [theirs, none] = await Promise.all(
      ['theirs', 'nope'].map((id) => refusalOf(api, updates(`jobId: "${id}"`))),
    );
    expect(theirs).toEqual(none);
    expect(await readJob(api, 'theirs')).toBeNull();
    expect(await listJobs(api)).toEqual([]);
    for (const command of [cancelJob, retryJob]) {
      const [ofTheirs, ofNone] = await Promise.allSettled([command(api, 'theirs'), command(api, 'nope')]);
      expect(ofTheirs).toMatchObject({ status: 'rejected', reason: { code: 'JOB_NOT_FOUND' } });
      expect(ofTheirs).toEqual(ofNone);
    }
  });
});

const init = JSON.stringify({ type: 'connection_init' });
const subscribe = JSON.stringify({
  id: '1',
  type: 'subscribe',
  payload: { query: 'subscription { jobUpdated { id } }' },
});

/** Sends frames one after the other; resolves with the code that the connection is closed with. */
async function closeCodeAfter(
  frames: readonly (string | Buffer)[],
  protocols = ['graphql-transport-ws'],
): Promise<number> {
  const socket = new WebSocket(`${household.server.url.replace('http', 'ws')}/graphql`, protocols);
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  await once(socket, 'open');
  for (const frame of frames) {
    socket.send(frame);
    if (frame === init) await Promise.race([once(socket, 'message'), closed]);
  }
  const [code] = (await closed) as [number];
  return code;
}

describe('a connection', () => {
  it.each([
    ['sends what is no JSON', [init, '{'], 4400],
    ['sends a message that there is not', [init, JSON.stringify({ type: 'dance' })], 4400],
    ['sends bytes', [init, Buffer.from([0, 159, 146, 150])], 4400],
    [
      'sends a request without a query',
      [init, JSON.stringify({ id: '1', type: 'subscribe', payload: {} })],
      4400,
    ],
    ['asks before it has introduced itself', [subscribe], 4401],
    ['introduces itself twice', [init, init], 4429],
    ['uses one id twice', [init, subscribe, subscribe], 4409],
    ['sends too large a frame', [init, 'x'.repeat(65_537)], 1009],
    ['never introduces itself', [], 4408],
  ])('that %s is closed with a code', async (_, frames, code) => {
    expect(await closeCodeAfter(frames)).toBe(code);
  });

  it('that names no protocol is closed with a code', async () => {
    expect(await closeCodeAfter([], [])).toBe(4406);
  });

  it('may be broken off in the middle of a frame', async () => {
    const socket = new WebSocket(
      `${household.server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    socket.send(init);
    await once(socket, 'message');
    socket.send(subscribe);
    socket.send('{"type":', { fin: false });
    socket.terminate();
    await once(socket, 'close');
    expect(await viewerOver(household.api)).toEqual({ viewer: { id: 'local' } });
  });
});
