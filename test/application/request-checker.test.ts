import { describe, expect, it } from 'vitest';
import {
  RequestChecker,
  type RequestCheckerOptions,
  type StartJobInput,
} from '../../src/application/request-checker.js';
import { jobDefinitions } from '../../src/jobs/registry.js';
import { combinedRequest, syncRequest } from '../support/job-history.js';

const usual: RequestCheckerOptions = {
  definitions: jobDefinitions,
  budgetIds: () => ['household'],
  unknownTransactions: () => Promise.resolve([]),
  maxBatchTransactions: 3,
};

function check(input: Partial<StartJobInput>, options: Partial<RequestCheckerOptions> = {}) {
  const checker = new RequestChecker({ ...usual, ...options });
  return checker.check('anna', { type: 'SYNC', onConflict: 'RETURN_EXISTING', ...input });
}

const refused = (code: string, message: string) => ({ refused: true, code, message });
const suggestions = (batch: StartJobInput['batch']) => ({ type: 'SUGGESTIONS_GENERATION', batch });

describe('a request', () => {
  it('becomes a complete one, with the steps of its type in order', async () => {
    expect(await check({ type: 'SYNC' })).toEqual(syncRequest);
    const all = { allUncategorized: true };
    expect(await check({ type: 'SYNC_AND_GENERATE', batch: all })).toEqual(combinedRequest);
  });

  it('of a type that there is not is refused', async () => {
    const expected = refused('INVALID_INPUT', 'There is no such type of job.');
    expect(await check({ type: 'EXPORT' })).toEqual(expected);
    expect(await check({ type: 'constructor' })).toEqual(expected);
  });
});

describe('the budget', () => {
  it('may be left out where there is one', async () => {
    expect(await check({})).toMatchObject({ budgetId: 'household' });
  });

  it('must be said where there are more', async () => {
    const two = { budgetIds: () => ['household', 'business'] };
    expect(await check({}, two)).toEqual(
      refused('MISSING_INPUT', 'budgetId is required, because there is more than one budget.'),
    );
    expect(await check({ budgetId: 'business' }, two)).toMatchObject({ budgetId: 'business' });
  });

  it('must be one that there is', async () => {
    expect(await check({ budgetId: 'hosehold' })).toMatchObject({ refused: true, code: 'UNKNOWN_BUDGET' });
    expect(await check({}, { budgetIds: () => [] })).toMatchObject({ refused: true, code: 'UNKNOWN_BUDGET' });
  });
});

describe('the idempotency key', () => {
  it.each(['x', 'x'.repeat(200), '😀'.repeat(200)])(
    'may have 1 to 200 characters',
    async (idempotencyKey) => {
      expect(await check({ idempotencyKey })).toEqual(syncRequest);
    },
  );

  it.each(['', 'x'.repeat(201), '😀'.repeat(201)])(
    'is refused where it has another length',
    async (idempotencyKey) => {
      expect(await check({ idempotencyKey })).toEqual(
        refused('INVALID_INPUT', 'idempotencyKey must have 1 to 200 characters.'),
      );
    },
  );
});

describe('the batch', () => {
  it('names no transaction that is longer than any id', async () => {
    const id = 'x'.repeat(101);
    expect(await check(suggestions({ transactionIds: ['a', id] }))).toEqual(
      refused('INVALID_INPUT', `The budget has no transaction "${id.slice(0, 64)}".`),
    );
  });

  it('names each transaction once', async () => {
    expect(await check(suggestions({ transactionIds: ['b', 'a', 'b'] }))).toMatchObject({
      input: { batch: { transactionIds: ['b', 'a'] } },
    });
  });

  it.each([
    ['no batch', undefined],
    ['an empty one', {}],
    ['one without transactions', { transactionIds: [] }],
    ['one that is explicitly not all', { allUncategorized: false }],
  ])('must be there where a step needs it: %s', async (_what, batch) => {
    const expected = refused('MISSING_INPUT', 'batch needs transactionIds, or allUncategorized: true.');
    expect(await check(suggestions(batch))).toEqual(expected);
    expect(await check({ ...suggestions(batch), type: 'SYNC_AND_GENERATE' })).toEqual(expected);
  });

  it('is refused where no step needs it', async () => {
    expect(await check({ type: 'SYNC', batch: { allUncategorized: true } })).toEqual(
      refused('INVALID_INPUT', 'A SYNC job takes no batch.'),
    );
  });

  it('is one thing or the other', async () => {
    expect(await check(suggestions({ transactionIds: ['a'], allUncategorized: true }))).toEqual(
      refused('INVALID_INPUT', 'batch takes either transactionIds or allUncategorized, not both.'),
    );
  });

  it('is bounded; what is named twice counts once', async () => {
    expect(await check(suggestions({ transactionIds: ['a', 'b', 'c', 'a'] }))).not.toHaveProperty('refused');
    expect(await check(suggestions({ transactionIds: ['a', 'b', 'c', 'd'] }))).toEqual(
      refused('INVALID_INPUT', 'A batch takes at most 3 transactions.'),
    );
  });

  it('names transactions that the budget has', async () => {
    const asked: unknown[] = [];
    const unknownTransactions = (budgetId: string, ids: readonly string[]) => {
      asked.push([budgetId, ids]);
      return Promise.resolve(ids.slice(1));
    };

    const answer = await check(suggestions({ transactionIds: ['a', 'b', 'c'] }), { unknownTransactions });

    expect(asked).toEqual([['household', ['a', 'b', 'c']]]);
    expect(answer).toEqual(refused('INVALID_INPUT', 'The budget has no transaction "b", "c".'));
  });

  it('is not quoted at length where many are unknown', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `${index}`.repeat(100));
    const options = { unknownTransactions: () => Promise.resolve(ids), maxBatchTransactions: 9 };

    const answer = await check(suggestions({ transactionIds: ids }), options);

    const quoted = ids.slice(0, 3).map((id) => `"${id.slice(0, 64)}"`);
    expect(answer).toEqual(
      refused('INVALID_INPUT', `The budget has no transaction ${quoted.join(', ')} and 6 more.`),
    );
  });

  it('is taken as it is where the budget cannot be asked now', async () => {
    const unknownTransactions = () => Promise.resolve(null);
    expect(await check(suggestions({ transactionIds: ['a'] }), { unknownTransactions })).toMatchObject({
      input: { batch: { transactionIds: ['a'] } },
    });
  });

  it('is all that have no category, without asking the budget', async () => {
    const unknownTransactions = () => Promise.reject(new Error('asked'));
    expect(await check(suggestions({ allUncategorized: true }), { unknownTransactions })).toMatchObject({
      input: { batch: { allUncategorized: true } },
    });
  });
});
