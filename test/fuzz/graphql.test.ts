import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { allUncategorized, startJob, watchToEnd } from '../support/jobs-api.js';
import { tempFolders } from '../support/temp-folder.js';
import { anyOperation } from './arbitrary-operation.js';
import { anyText, hugeText } from './arbitrary-text.js';
import { expectCoded, FuzzedServer, runsOf, seed, patienceMs } from './fuzzed-server.js';

const folder = tempFolders();
const schema = buildSchema(
  readFileSync(fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url)), 'utf8'),
);
let server: FuzzedServer;
let known: readonly string[];

beforeAll(async () => {
  server = await FuzzedServer.start(folder());
  known = await meaningfulTexts();
});

afterAll(() => server.stop());

/** Ids, cursors of each kind, and positions of the past, the present and the future. */
async function meaningfulTexts(): Promise<readonly string[]> {
  const api = new ApiClient(server.url);
  const { job } = await startJob(api, {
    type: 'SYNC_AND_GENERATE',
    batch: allUncategorized,
    idempotencyKey: 'key',
  });
  const ended = await watchToEnd(api, job.id);
  const { jobs, budgets } = await api.request<{
    jobs: {
      pageInfo: { endCursor: string };
      nodes: { suggestions: { pageInfo: { endCursor: string }; nodes: { transactionId: string }[] } }[];
    };
    budgets: { id: string }[];
  }>(`{
    jobs(first: 1) { pageInfo { endCursor } nodes { suggestions(first: 1) { pageInfo { endCursor } nodes { transactionId } } } }
    budgets { id }
  }`);
  await api.close();
  const suggestions = jobs.nodes[0]?.suggestions;
  return [
    ...[
      job.id,
      'key',
      ended.position,
      job.position,
      `${ended.position}9`,
      ended.position.replace(/\d/g, '9'),
    ],
    ...[jobs.pageInfo.endCursor, suggestions?.pageInfo.endCursor, suggestions?.nodes[0]?.transactionId],
    ...budgets.map(({ id }) => id),
  ].filter((text) => typeof text === 'string');
}

const requestsAtOnce = 10;

function atOnce<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: requestsAtOnce, maxLength: requestsAtOnce });
}

let carriedOut = 0;

async function sendAll(values: readonly unknown[]): Promise<void> {
  const answers = await Promise.all(values.map((value) => send(JSON.stringify(value))));
  carriedOut += answers.filter(Boolean).length;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: unknown };
  }[];
}

/** Whether it was carried out without an error. */
async function send(body: string): Promise<boolean> {
  const response = await fetch(new URL('/graphql', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body,
  });
  const answer = (await response.json()) as Answer;
  expect(response.status).toBeLessThan(500);
  expectCoded(answer.errors ?? []);
  if (response.status === 200) expect(answer).toHaveProperty('data');
  return !answer.errors;
}

describe('whatever is asked in GraphQL', { timeout: patienceMs }, () => {
  it('every operation with any arguments is answered with data or with a coded error, and harms nothing', async () => {
    const operation = anyOperation(schema, ['query', 'mutation'], {
      known: fc.constantFrom(...known),
      depth: 5,
    });
    const numRuns = runsOf(0.55);
    const property = fc.asyncProperty(atOnce(operation), sendAll);

    await fc.assert(property, { seed, numRuns: Math.ceil(numRuns / 4 / requestsAtOnce) });
    await server.noteUsualSize();
    await fc.assert(property, { seed: seed + 1, numRuns: Math.ceil((numRuns * 3) / 4 / requestsAtOnce) });

    await server.expectUnharmed();
    // Otherwise nothing but refusals was tried.
    expect(carriedOut).toBeGreaterThan(numRuns / 10);
    console.info(`${numRuns} operations: ${carriedOut} were carried out, the others refused with a code.`);
  });

  it('and whatever stands in place of an operation', async () => {
    const json = fc.oneof(
      fc.record(
        {
          query: fc.oneof(
            anyText,
            anyText.map((text) => `{ job(id: ${JSON.stringify(text)}) { id } }`),
            fc.jsonValue(),
          ),
          variables: fc.jsonValue(),
          operationName: fc.oneof(anyText, fc.jsonValue()),
          extensions: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    const numRuns = runsOf(0.1);

    await fc.assert(fc.asyncProperty(atOnce(json), sendAll), {
      seed,
      numRuns: Math.ceil(numRuns / requestsAtOnce),
    });

    await server.expectUnharmed();
    console.info(`${numRuns} requests that need not be GraphQL were answered, or refused with a code.`);
  });

  it('and texts of a megabyte, wherever a text may stand', async () => {
    const places = ['query', 'variables', 'operationName', 'key', 'id'] as const;
    const numRuns = runsOf(0.01);

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), hugeText, async (place, text) => {
        const query = {
          query: text,
          variables: 'query ($id: ID!) { job(id: $id) { id } }',
          operationName: '{ viewer { id } }',
          key: 'mutation ($id: String!) { startJob(input: { type: SYNC, idempotencyKey: $id }) { created } }',
          id: `{ job(id: ${JSON.stringify(text)}) { id } }`,
        }[place];
        await send(
          JSON.stringify({
            query,
            variables: { id: text },
            ...(place === 'operationName' && { operationName: text }),
          }),
        );
      }),
      { seed, numRuns },
    );

    await server.expectUnharmed();
    console.info(`${numRuns} requests of a megabyte were answered, or refused with a code.`);
  });
});
