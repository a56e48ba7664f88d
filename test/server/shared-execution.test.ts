import { buildSchema, parse, type ExecutionResult } from 'graphql';
import { beforeEach, expect, it } from 'vitest';
import { SharedExecution } from '../../src/server/shared-execution.js';

const schema = buildSchema(`
  type Query { nothing: Int }
  type Subscription { changed(of: Int): Job }
  type Job { id: ID, read: Int }
`);
const document = parse('subscription ($of: Int) { changed(of: $of) { id read } }');

let shared: SharedExecution;
let reads: number;

beforeEach(() => {
  shared = new SharedExecution();
  reads = 0;
});

/** A payload: how often it was read is what is asked of it. */
const job = () => ({ changed: { id: 'a', read: () => (reads += 1) } });

function comesFrom(subscribe: () => AsyncIterable<object>): void {
  const field = schema.getSubscriptionType()?.getFields().changed;
  if (field) field.subscribe = subscribe;
}

async function subscribed(payloads: readonly object[], { of = 1, asked = document } = {}) {
  comesFrom(async function* () {
    yield* payloads;
  });
  const results = await shared.subscribe({ schema, document: asked, variableValues: { of } });
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results));
  return results;
}

async function all(results: AsyncIterable<ExecutionResult>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { data } of results) found.push(data?.changed);
  return found;
}

it('finds out once what several ask alike of one payload', async () => {
  const payload = job();
  const one = await all(await subscribed([payload]));
  const other = await all(await subscribed([payload]));
  expect([one, other]).toEqual([[{ id: 'a', read: 1 }], [{ id: 'a', read: 1 }]]);
});

it('finds out anew what is asked of another payload, with other variables, or in other words', async () => {
  const payload = job();
  expect(await all(await subscribed([payload, job()]))).toEqual([
    { id: 'a', read: 1 },
    { id: 'a', read: 2 },
  ]);
  expect(await all(await subscribed([payload], { of: 2 }))).toEqual([{ id: 'a', read: 3 }]);
  expect(
    await all(await subscribed([payload], { asked: parse('subscription { changed { read } }') })),
  ).toEqual([{ read: 4 }]);
});

it('can be ended from outside while it waits', async () => {
  let isEnded = false;
  const source: AsyncIterableIterator<object> = {
    next: () => new Promise(() => undefined),
    return: () => {
      isEnded = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => source,
  };
  comesFrom(() => source);
  const results = await shared.subscribe({ schema, document });
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results));
  void results.next();
  expect(await results.return()).toEqual({ done: true, value: undefined });
  expect(isEnded).toBe(true);
});

it('answers with what is wrong where nothing can be subscribed to', async () => {
  const results = await shared.subscribe({ schema, document: parse('subscription { unknown }') });
  expect(results).toMatchObject({ errors: [{ message: expect.stringContaining('unknown') as string }] });
});
