import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, uncategorisedCount, type Household } from '../support/household.js';
import { startJob, watchToEnd } from '../support/jobs-api.js';

interface Found {
  readonly totalCount: number;
  readonly nodes: readonly { readonly transactionId: string; readonly payee: string | null }[];
}

let household: Household;
let budgetId: string;

beforeAll(async () => {
  household = await openHousehold({ budgets: 2 });
  [budgetId = ''] = household.budgetIds;
});

afterEach(() => {
  household.gate.open();
});

afterAll(() => household.close());

async function find(variables: Readonly<Record<string, unknown>> = { budgetId }): Promise<Found | null> {
  const query = `query ($budgetId: ID, $search: String, $first: Int) {
    uncategorized(budgetId: $budgetId, search: $search, first: $first) {
      totalCount nodes { transactionId date payee amount accountName }
    }
  }`;
  return (await household.api.request<{ uncategorized: Found | null }>(query, { ...variables }))
    .uncategorized;
}

describe('whoever wants to choose transactions', () => {
  it('is told that nobody knows them yet, before the first sync', async () => {
    expect(await find()).toBeNull();
  });

  it('finds them after a sync, and starts a job for those that were chosen alone', async () => {
    const { job: sync } = await startJob(household.api, { type: 'SYNC', budgetId });
    await watchToEnd(household.api, sync.id);

    expect(await find()).toMatchObject({ totalCount: uncategorisedCount });
    const found = await find({ budgetId, search: 'lidl', first: 2 });

    expect(found).toMatchObject({ totalCount: 3, nodes: [{ payee: 'LIDL' }, { payee: 'LIDL' }] });
    const transactionIds = found?.nodes.map(({ transactionId }) => transactionId) ?? [];
    const input = { type: 'SUGGESTIONS_GENERATION', budgetId, batch: { transactionIds } } as const;
    const { job } = await startJob(household.api, input);
    const { steps } = await watchToEnd(household.api, job.id);
    expect(steps[0]?.result).toMatchObject({ requested: 2 });
  });

  it('is told that nobody knows them now, while a sync holds the budget', async () => {
    const held = household.gate.hold();
    const { job } = await startJob(household.api, { type: 'SYNC', budgetId });
    await held;

    expect(await find()).toBeNull();

    household.gate.open();
    expect(await watchToEnd(household.api, job.id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    ['does not say which budget, of several', {}, 'MISSING_INPUT'],
    ['names a budget that there is not', { budgetId: 'elsewhere' }, 'UNKNOWN_BUDGET'],
    ['asks for more than a page', { first: 501 }, 'INVALID_INPUT'],
    ['asks for none', { first: 0 }, 'INVALID_INPUT'],
    ['looks for a text without end', { search: 'x'.repeat(201) }, 'INVALID_INPUT'],
  ])('and %s is refused', async (_what, variables: Record<string, unknown>, code) => {
    const asked = Object.keys(variables).some((name) => name !== 'budgetId')
      ? { budgetId, ...variables }
      : variables;

    await expect(find(asked)).rejects.toMatchObject({ code });
  });
});
