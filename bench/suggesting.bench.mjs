// How long suggestions take: by history alone, for 500 transactions of a budget with 50,000; and with a model that answers
// each question in a second, for 200 transactions that history does not know, against the time that its questions take if
// nothing else does. Does not measure: reading the budget, recording what was answered, a real model.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { HistorySuggester } from '../dist/src/suggestions/history-suggester.js';
import { HouseholdSuggester } from '../dist/src/suggestions/household-suggester.js';
import { ModelSuggester } from '../dist/src/suggestions/model/model-suggester.js';
import { OpenAiModel } from '../dist/src/suggestions/model/openai-model.js';
import { median, verdict } from './support/statistics.mjs';

const runs = 5;
const answerMs = 1_000;
const questionsAtATime = 3;
const rowsAQuestion = 20;
const categories = Array.from({ length: 40 }, (_, n) => ({
  id: `c${n}`,
  name: `Category ${n}`,
  groupName: 'All',
}));
const { signal } = new AbortController();

await measureHistory();
await measureModel();

async function measureHistory() {
  const history = Array.from({ length: 50_000 }, (_, n) => ({
    ...transaction(`old-${n}`, `Shop ${(n * 7919) % 3_000} of street ${n % 40}`, n),
    categoryId: categories[(n * 7919) % 40].id,
  }));
  const transactions = Array.from({ length: 500 }, (_, n) =>
    transaction(`new-${n}`, n % 4 === 0 ? `Newcomer ${n}` : `Shop ${n * 5} of street ${n % 40}`, 50_000 + n),
  );
  const request = { jobId: 'job', transactions, categories, history, signal };
  const took = [];
  for (let run = 0; run < runs; run++)
    took.push(await timed(() => all(new HistorySuggester().suggest(request))));
  verdict('500 transactions of a budget with 50,000, by history', median(took) / 1_000, 1, ' s');
}

async function measureModel() {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    void answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const model = new OpenAiModel({
    ...{ model: 'bench', baseUrl: `http://127.0.0.1:${server.address().port}/v1`, timeoutMs: 30_000 },
    now: () => new Date().toISOString(),
  });
  const budget = {
    reserve: () => Promise.resolve({ outcome: 'RESERVED', id: 'r' }),
    settle: () => Promise.resolve(),
    leave: () => undefined,
  };
  const suggester = new HouseholdSuggester(
    new ModelSuggester({ model, budget, sharing: { notes: false, accountNames: false } }),
  );
  const transactions = Array.from({ length: 200 }, (_, n) => transaction(`new-${n}`, `Newcomer ${n}`, n));
  const took = await timed(() =>
    all(suggester.suggest({ jobId: 'job', transactions, categories, history: [], signal })),
  );
  server.close();
  const ideal = Math.ceil(200 / rowsAQuestion / questionsAtATime) * answerMs;
  console.log(`200 transactions with a model: ${asked} questions in ${(took / 1_000).toFixed(2)} s`);
  verdict('200 transactions with a model / the time of its questions', took / ideal, 1.3);
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { messages } = JSON.parse(Buffer.concat(chunks).toString());
  const { rows } = JSON.parse(messages[1].content);
  await pause(answerMs);
  const answers = rows.map(({ row }) => ({
    row,
    category: 'Category 1',
    confidence: 0.8,
    reason: 'It fits.',
  }));
  const message = { role: 'assistant', content: JSON.stringify({ answers }) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      choices: [{ index: 0, finish_reason: 'stop', message }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    }),
  );
}

function transaction(id, payee, n) {
  const date = new Date(Date.UTC(2016, 0, 1) + Math.floor(n / 12) * 86_400_000).toISOString().slice(0, 10);
  return {
    id,
    date,
    amount: -1_000 - ((n * 31) % 9_000),
    payee,
    importedPayee: null,
    notes: null,
    accountName: 'Bank',
  };
}

async function all(batches) {
  for await (const _ of batches);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
