import { describe, expect, it } from 'vitest';
import { HouseholdSuggester } from '../../src/suggestions/household-suggester.js';
import { ModelSuggester } from '../../src/suggestions/model/model-suggester.js';
import { OpenAiModel } from '../../src/suggestions/model/openai-model.js';
import type { SuggestionFaultError } from '../../src/suggestions/suggestion-fault-error.js';
import { answeringRows, contentOf, failing, type OpenAiServer } from '../support/openai/openai-server.js';
import { openAiServers } from '../support/openai/openai-servers.js';
import { batchesOf, bookings, categories, gifts, groceries, transaction, transport } from './budget.js';

const startServer = openAiServers();
const unlimited = {
  reserve: async () => ({ outcome: 'RESERVED', id: 'r' }) as const,
  settle: async () => undefined,
  leave: () => undefined,
};

function suggesterWith(server: OpenAiServer): HouseholdSuggester {
  const model = new OpenAiModel({
    ...{ model: 'test-model', baseUrl: server.url, apiKey: undefined, timeoutMs: 10_000 },
    now: () => '2026-11-26T12:00:00.000Z',
  });
  return new HouseholdSuggester(
    new ModelSuggester({ model, budget: unlimited, sharing: { notes: false, accountNames: false } }),
  );
}

/** LIDL is surely groceries, SHELL likely transport, and nobody knows the rest. */
const history = [
  ...bookings(40, groceries, { payee: 'LIDL' }),
  ...bookings(40, gifts, { payee: 'BOOKS AND MORE' }),
  ...bookings(12, transport, { payee: 'SHELL' }),
  ...bookings(2, gifts, { payee: 'SHELL' }),
].sort((a, b) => (a.date < b.date ? -1 : 1));
const lidl = transaction({ id: 'lidl', payee: 'LIDL' });
const shell = transaction({ id: 'shell', payee: 'SHELL' });
const unknown = transaction({ id: 'unknown', payee: 'Zanzibar Ltd' });
const transactions = [unknown, lidl, shell];

describe('who answers', () => {
  it('is history where it is sure, and the model for the rest, with history’s guess as a hint', async () => {
    const server = await startServer();
    server.does(answeringRows(() => gifts.name));

    const batches = await batchesOf(suggesterWith(server), { transactions, history });

    const suggestions = batches.flatMap((batch) => batch.suggestions);
    expect(
      suggestions.map(({ transactionId, categoryId, source }) => [transactionId, categoryId, source]),
    ).toEqual([
      ['lidl', groceries.id, 'HISTORY'],
      ['unknown', gifts.id, 'MODEL'],
      ['shell', gifts.id, 'MODEL'],
    ]);
    const rows = server.asked.flatMap((question) => contentOf(question).rows);
    expect(rows.map(({ payee }) => payee)).toEqual(['Zanzibar Ltd', 'SHELL']);
    expect(rows[1]?.guess).toMatchObject({ category: transport.name });
  });

  it('is history alone where it is sure of everything: nothing is asked', async () => {
    const server = await startServer();

    await batchesOf(suggesterWith(server), { transactions: [lidl], history });

    expect(server.asked).toEqual([]);
  });

  it('is history for what it takes for likely, where the model fails; the rest stays open', async () => {
    const server = await startServer();
    server.does(failing(401));

    const fault = await batchesOf(suggesterWith(server), { transactions, history }).then(
      () => Promise.reject(new Error('It did not fail')),
      (error: unknown) => error as SuggestionFaultError,
    );

    expect(fault).toMatchObject({ code: 'SUGGESTION_FAULT', failure: { code: 'MODEL_AUTH_FAILED' } });
    expect(fault.likely).toMatchObject([
      {
        suggestions: [{ transactionId: 'shell', categoryId: transport.id, source: 'HISTORY' }],
        unanswered: [],
      },
    ]);
    expect(fault.likely[0]?.suggestions[0]?.confidence).toBeLessThan(0.95);
  });

  it('leaves no transaction out and answers none twice', async () => {
    const server = await startServer();
    server.does(answeringRows(({ row }) => (row % 2 === 0 ? gifts.name : 'None of these')));
    const many = Array.from({ length: 130 }, (_, n) =>
      transaction({ id: `t-${n}`, payee: n % 3 === 0 ? 'LIDL' : `Payee ${n}` }),
    );

    const batches = await batchesOf(suggesterWith(server), { transactions: many, history, categories });

    const ids = batches.flatMap(({ suggestions, unanswered }) => [
      ...suggestions.map(({ transactionId }) => transactionId),
      ...unanswered,
    ]);
    expect(ids.sort()).toEqual(many.map(({ id }) => id).sort());
  });
});
