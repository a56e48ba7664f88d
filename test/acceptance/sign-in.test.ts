import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient, type ApiError } from '../support/api-client.js';
import { openHousehold, type Household } from '../support/household.js';
import { allUncategorized, cancelJob, listJobs, readJob, retryJob, startJob } from '../support/jobs-api.js';
import { tokenOf, tokenSecret } from '../support/signed-token.js';

const sharedBudget = 0;
const bobsBudget = 1;

let household: Household;

beforeAll(async () => {
  household = await openHousehold({
    budgets: 2,
    env: { AUTH_JWT_SECRET: tokenSecret, METRICS_TOKEN: 'metrics-metrics-metrics' },
  });
  const [shared, bobs] = household.budgetIds;
  await household.restart({
    env: { ACTUAL_ACCESS: JSON.stringify({ alice: [shared], bob: [shared, bobs], carol: '*' }) },
  });
});

afterAll(() => household.close());

const clients: ApiClient[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

async function as(subject: string): Promise<ApiClient> {
  const client = new ApiClient(household.server.url, { token: await tokenOf(subject) });
  clients.push(client);
  return client;
}

async function send(path: string, headers: Record<string, string> = {}, body?: string) {
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request(new URL(path, household.server.url), { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const viewer = JSON.stringify({ query: '{ viewer { id } }' });
const json = { 'content-type': 'application/json' };

describe('over HTTP', () => {
  it('a token says who asks', async () => {
    const answer = await send(
      '/graphql',
      { ...json, authorization: `bearer ${await tokenOf('alice')}` },
      viewer,
    );

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ data: { viewer: { id: 'alice' } } });
  });

  it.each([
    ['nothing', () => undefined],
    [
      'a token that has expired',
      () => tokenOf('alice', new Date(Date.now() - 1_000)).then((token) => `Bearer ${token}`),
    ],
    ['another scheme', () => 'Basic YWxpY2U6YWxpY2U='],
    ['a broken token', () => 'Bearer abc'],
  ])('%s is answered with UNAUTHENTICATED, and with what is wanted', async (_what, authorization) => {
    const value = await authorization();
    const answer = await send('/graphql', { ...json, ...(value && { authorization: value }) }, viewer);

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(answer.body)).toEqual({
      errors: [
        {
          message: expect.stringMatching(/[Ss]ign in/) as string,
          extensions: { code: 'UNAUTHENTICATED', challenge: 'Bearer' },
        },
      ],
    });
  });

  it('any name of the server is a right one, because no browser sends a token by itself', async () => {
    const headers = { ...json, host: 'jobs.example.org', origin: 'https://elsewhere.example' };
    const answer = await send(
      '/graphql',
      { ...headers, authorization: `Bearer ${await tokenOf('alice')}` },
      viewer,
    );

    expect(answer.status).toBe(200);
  });

  it('everybody gets the page, and hears whether the server is well', async () => {
    expect(await send('/')).toMatchObject({ status: 200 });
    expect(await send('/healthz')).toMatchObject({ status: 200 });
    expect(await send('/readyz')).toMatchObject({ status: 200 });
  });

  it('what is counted is for Prometheus alone', async () => {
    const token = (value: string) => ({ authorization: `Bearer ${value}` });
    expect(await send('/metrics')).toMatchObject({ status: 401 });
    expect(await send('/metrics', token(await tokenOf('alice')))).toMatchObject({ status: 401 });
    expect(await send('/metrics', token('metrics-metrics-metric_'))).toMatchObject({ status: 401 });
    expect(await send('/metrics', token('metrics-metrics-metrics'))).toMatchObject({ status: 200 });
  });
});

/** How the server ends a connection that begins with this. */
async function closeOf(
  payload: object | undefined,
  headers: Record<string, string> = {},
): Promise<{ readonly code: number; readonly reason: string }> {
  const socket = open(headers);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }));
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

function open(headers: Record<string, string> = {}): WebSocket {
  return new WebSocket(`${household.server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers,
  });
}

async function acknowledged(
  payload: object | undefined,
  headers: Record<string, string> = {},
): Promise<WebSocket> {
  const socket = open(headers);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', ...(payload && { payload }) }));
  const [message] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(message.toString())).toEqual({ type: 'connection_ack' });
  return socket;
}

describe('over a WebSocket', () => {
  it.each<[string, (token: string) => [object | undefined, Record<string, string>?]]>([
    ['as authorization', (token) => [{ authorization: `Bearer ${token}` }]],
    ['as Authorization', (token) => [{ Authorization: `Bearer ${token}` }]],
    ['by itself', (token) => [{ token }]],
    ['in the header of the request', (token) => [undefined, { authorization: `Bearer ${token}` }]],
  ])('a token is taken %s', async (_how, how) => {
    const socket = await acknowledged(...how(await tokenOf('alice')));
    socket.terminate();
  });

  it.each<[string, object | undefined, RegExp]>([
    ['without a token', undefined, /^Sign in: send a token/],
    ['with an empty one', { token: '' }, /^Sign in: send a token/],
    ['with a broken one', { authorization: 'Bearer abc' }, /^This token is not valid here/],
    ['with something else', { authorization: { toString: 'alice' } }, /^Sign in: send a token/],
  ])('a connection %s is closed with 4403, and why', async (_how, payload, why) => {
    expect(await closeOf(payload)).toEqual({ code: 4403, reason: expect.stringMatching(why) as string });
  });

  it('a connection ends when its token does', async () => {
    const expiresAt = new Date(Math.ceil(Date.now() / 1_000 + 1) * 1_000);
    const socket = await acknowledged({ token: await tokenOf('alice', expiresAt) });
    socket.send(
      JSON.stringify({
        id: '1',
        type: 'subscribe',
        payload: { query: 'subscription { jobUpdated { id } }' },
      }),
    );

    const [code] = (await once(socket, 'close')) as [number];

    expect(code).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
  });

  it('each hears of the own jobs alone', async () => {
    const [alice, bob] = [await as('alice'), await as('bob')];
    const heard = bob.subscribe<{ jobUpdated: { id: string } }>(
      'subscription { jobUpdated(after: "") { id } }',
    );
    const { job: hers } = await startJob(alice, {
      type: 'SYNC',
      budgetId: household.budgetIds[sharedBudget] ?? '',
    });
    const { job: his } = await startJob(bob, {
      type: 'SYNC',
      budgetId: household.budgetIds[sharedBudget] ?? '',
    });

    const first = await heard.next();

    expect(hers.id).not.toBe(his.id);
    expect(first.value).toMatchObject({ jobUpdated: { id: his.id } });
    await heard.return();
  });
});

describe('somebody else’s job', () => {
  it('is answered like one that does not exist', async () => {
    const [alice, bob] = [await as('alice'), await as('bob')];
    const { job } = await startJob(alice, {
      type: 'SYNC',
      budgetId: household.budgetIds[sharedBudget] ?? '',
    });
    const refusalOf = (asking: Promise<unknown>) =>
      asking.then(
        () => undefined,
        (error: unknown) => {
          const { code, message, extensions } = error as ApiError;
          return { code, message, extensions };
        },
      );

    for (const ask of [cancelJob, retryJob]) {
      const refusal = await refusalOf(ask(bob, job.id));
      expect(refusal).toMatchObject({ code: 'JOB_NOT_FOUND' });
      expect(refusal).toEqual(await refusalOf(ask(bob, 'nope')));
    }
    expect(await readJob(bob, job.id)).toBeNull();
    expect(await readJob(bob, 'nope')).toBeNull();
    expect((await listJobs(bob)).map(({ id }) => id)).not.toContain(job.id);
    const updates = (id: string) =>
      bob.subscribe(`subscription { jobUpdated(jobId: "${id}") { id } }`).next();
    expect(await refusalOf(updates(job.id))).toEqual(await refusalOf(updates('nope')));
    expect((await readJob(alice, job.id))?.status).not.toBe('CANCELED');
  });

  it('takes as long as one that does not exist, however much there is to it', async () => {
    const [alice, bob] = [await as('alice'), await as('bob')];
    const budgetId = household.budgetIds[sharedBudget] ?? '';
    const { job } = await startJob(alice, { type: 'SYNC_AND_GENERATE', budgetId, batch: allUncategorized });
    await expect.poll(() => readJob(alice, job.id)).toMatchObject({ status: 'SUCCEEDED' });
    // Of the same shape, so that nothing but what is there makes a difference.
    const nobodys = job.id.replace(/^.{8}/, '0'.repeat(8));

    for (const ask of [cancelJob, retryJob, readJob]) {
      const times = { theirs: [] as number[], nobodys: [] as number[] };
      for (let n = 0; n < 400; n++) {
        const order = n % 2 === 0 ? (['theirs', 'nobodys'] as const) : (['nobodys', 'theirs'] as const);
        for (const which of order) {
          const begun = performance.now();
          await ask(bob, which === 'theirs' ? job.id : nobodys).catch(() => undefined);
          times[which].push(performance.now() - begun);
        }
      }
      // 0.5: who sees the two times can only guess; 0 or 1: they tell the two apart.
      expect(probabilityOfLess(times.theirs, times.nobodys)).toBeGreaterThan(0.4);
      expect(probabilityOfLess(times.theirs, times.nobodys)).toBeLessThan(0.6);
    }
  });
});

/** That a value of `a` is less than one of `b`: the statistic of Mann and Whitney, as a share. */
function probabilityOfLess(a: readonly number[], b: readonly number[]): number {
  const less = a.reduce((sum, x) => sum + b.filter((y) => x < y).length, 0);
  return less / (a.length * b.length);
}

describe('the budgets of a user', () => {
  const idsFor = async (subject: string) => {
    const { budgets } = await (
      await as(subject)
    ).request<{ budgets: { id: string }[] }>('{ budgets { id } }');
    return budgets.map(({ id }) => id);
  };

  it('are those that ACTUAL_ACCESS gives them', async () => {
    const [shared, bobs] = household.budgetIds;
    expect(await idsFor('alice')).toEqual([shared]);
    expect(await idsFor('bob')).toEqual([shared, bobs]);
    expect(await idsFor('carol')).toEqual([shared, bobs]);
    expect(await idsFor('mallory')).toEqual([]);
    expect(await idsFor('constructor')).toEqual([]);
  });

  it('are all that exist, as far as they can tell', async () => {
    const [alice, mallory] = [await as('alice'), await as('mallory')];
    const refusalOf = (client: ApiClient, budgetId?: string) =>
      startJob(client, { type: 'SYNC', ...(budgetId !== undefined && { budgetId }) }).catch(
        (error: unknown) => error,
      );
    const bobs = household.budgetIds[bobsBudget] ?? '';

    expect(await refusalOf(alice, bobs)).toEqual(await refusalOf(alice, 'no-budget'));
    expect(await refusalOf(alice, bobs)).toMatchObject({ code: 'UNKNOWN_BUDGET' });
    expect(await refusalOf(mallory)).toMatchObject({ code: 'UNKNOWN_BUDGET' });
    // With one budget, none needs to be named.
    expect((await startJob(alice, { type: 'SYNC' })).job.id).toMatch(/\w/);
  });
});
