import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  listJobs,
  retryJob,
  startJob,
  watchToEnd,
  watchUntil,
} from '../support/jobs-api.js';
import {
  answering,
  answeringRows,
  contentOf,
  failing,
  OpenAiServer,
  usage,
  type Course,
} from '../support/openai/openai-server.js';

/** The real built server in front of a real Actual server, with a model configured; only the model is none. */

let household: Household;
let model: OpenAiServer;
const newPayees = 90;
const fun: Course = answeringRows(() => 'Fun');
const batch = { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized } as const;

beforeAll(async () => {
  model = await OpenAiServer.start();
  household = await openHousehold({
    env: {
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: 'test-model',
      OPENAI_API_KEY: 'sk-planted-secret',
      OPENAI_INPUT_PRICE: '2',
      OPENAI_OUTPUT_PRICE: '10',
      LOG_LEVEL: 'debug',
    },
  });
  await household.device.addTransactions(
    'Current account',
    Array.from({ length: newPayees }, (_, n) => ({
      date: '2026-01-11',
      amount: -1_234_500 - n,
      payee_name: `Qx${n} Wz${n * 7}`,
    })),
  );
  await household.device.sync();
});

afterAll(async () => {
  await household.close();
  await model.stop();
});

interface SuggestionData {
  readonly transactionId: string;
  readonly payee: string | null;
  readonly source: string;
  readonly confidence: number;
  readonly rationale: string;
  readonly categoryName: string;
}

async function suggestionsOf(id: string): Promise<readonly SuggestionData[]> {
  const { job } = await household.api.request<{ job: { suggestions: { nodes: SuggestionData[] } } }>(
    `query ($id: ID!) { job(id: $id) { suggestions(first: 500) { nodes {
       transactionId payee source confidence rationale categoryName } } } }`,
    { id },
  );
  return job.suggestions.nodes;
}

/** Payees in questions that were answered or may have been, since `from`. */
const askedPayees = (from: number) =>
  model.asked.slice(from).flatMap((question) => contentOf(question).rows.map(({ payee }) => payee));

describe('somebody who lets categories be suggested, with a model', () => {
  it('sees the model fail at once where its key is wrong, with what to do, and keeps what history takes for likely', async () => {
    model.does(
      failing(401, { code: 'invalid_api_key', message: 'Incorrect API key provided: sk-planted-secret' }),
    );

    const ended = await watchToEnd(household.api, (await startJob(household.api, batch)).job.id);

    expect(ended).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'MODEL_AUTH_FAILED',
        action: 'Set the right OPENAI_API_KEY and restart.',
        retryable: false,
      },
      steps: [{ attempt: 1, status: 'FAILED' }],
    });
    const suggestions = await suggestionsOf(ended.id);
    expect(suggestions.length).toBeGreaterThan(0);
    expect(new Set(suggestions.map(({ source }) => source))).toEqual(new Set(['HISTORY']));
    expect(household.server.output()).not.toContain('sk-planted-secret');
  });

  it('retries it: what is answered stays, the model is asked for the rest, and tells how it knows', async () => {
    model.does(fun);
    const [failed] = await listJobs(household.api);
    const kept = await suggestionsOf(failed?.id ?? '');
    const asked = model.asked.length;

    const { job } = await retryJob(household.api, failed?.id ?? '');
    const ended = await watchToEnd(household.api, job.id);

    const suggestions = await suggestionsOf(ended.id);
    const fromModel = suggestions.filter(({ source }) => source === 'MODEL');
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      steps: [
        {
          result: {
            fromHistory: kept.length,
            fromModel: fromModel.length,
            unanswered: 0,
            model: 'test-model',
          },
        },
      ],
    });
    expect(fromModel.length).toBeGreaterThanOrEqual(newPayees);
    expect(fromModel[0]).toMatchObject({ rationale: 'The model says: It fits.', categoryName: 'Fun' });
    const questions = model.asked.length - asked;
    expect(questions).toBe(Math.ceil(fromModel.length / 20));
    expect(ended.steps[0]?.result).toMatchObject({
      inputTokens: questions * usage.prompt_tokens,
      outputTokens: questions * usage.completion_tokens,
      cost: (questions * (2 * usage.prompt_tokens + 10 * usage.completion_tokens)) / 1_000_000,
    });
    const metrics = await (await fetch(new URL('/metrics', household.server.url))).text();
    expect(metrics.match(/^actual_jobs_model_.*$/gm)).toEqual([
      `actual_jobs_model_tokens_total{direction="input"} ${questions * usage.prompt_tokens}`,
      `actual_jobs_model_tokens_total{direction="output"} ${questions * usage.completion_tokens}`,
      `actual_jobs_model_cost_total ${(questions * (2 * usage.prompt_tokens + 10 * usage.completion_tokens)) / 1_000_000}`,
    ]);
  });

  it('sees when it is tried again, where the model wants to be left alone, and nobody is asked twice', async () => {
    model.does(fun);
    model.doesOnce(fun, failing(429, { code: 'rate_limit_exceeded' }, { 'retry-after': '1' }), fun);
    const asked = model.asked.length;

    const { job } = await startJob(household.api, batch);
    const waiting = await watchUntil(
      household.api,
      job.id,
      ({ steps }) => (steps[0]?.nextAttemptAt ?? null) !== null,
    );
    const ended = await watchToEnd(household.api, job.id);

    expect(waiting.steps[0]?.failure).toMatchObject({ code: 'MODEL_RATE_LIMITED' });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }] });
    const payees = askedPayees(asked);
    // The twenty of the question that was refused.
    expect(payees.length - new Set(payees).size).toBeLessThanOrEqual(20);
    const ids = (await suggestionsOf(ended.id)).map(({ transactionId }) => transactionId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads for how many transactions the model answered nothing that could be used', async () => {
    model.does(answering('Sorry, I can only talk about the weather.', { cost: null }));

    const ended = await watchToEnd(household.api, (await startJob(household.api, batch)).job.id);

    const { unanswered } = ended.steps[0]?.result ?? {};
    expect(unanswered).toBeGreaterThanOrEqual(newPayees);
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      steps: [{ result: { fromModel: 0, unusable: unanswered, inputTokens: 0, outputTokens: 0 } }],
    });
  });

  it.each([0, 1, 2, 3, 4])(
    'gets all answers, none paid for twice, where the server is killed when %i of its questions are answered',
    async (answered) => {
      const held: ServerResponse[] = [];
      model.does(async (response) => void held.push(response));
      model.doesOnce(...Array.from({ length: answered }, () => fun));
      const asked = model.asked.length;
      const { job } = await startJob(household.api, batch);
      await watchUntil(
        household.api,
        job.id,
        // What history is sure of comes first.
        ({ history }) => history.filter(({ event }) => event === 'StepAdvanced').length === 1 + answered,
      );
      await expect.poll(() => held.length).toBeGreaterThan(0);

      await household.server.stop('SIGKILL');
      for (const response of held) response.destroy();
      model.does(fun);
      const heard = askedPayees(asked).slice(0, answered * 20);
      const askedBefore = model.asked.length;
      await household.restart();
      const ended = await watchToEnd(household.api, job.id);

      expect(ended).toMatchObject({ status: 'SUCCEEDED', steps: [{ attempt: 2 }] });
      expect(new Set(heard).size).toBe(answered * 20);
      expect(askedPayees(askedBefore).filter((payee) => heard.includes(payee))).toEqual([]);
      const paid = answered + model.asked.length - askedBefore;
      expect(ended.steps[0]?.result).toMatchObject({
        unanswered: 0,
        inputTokens: paid * usage.prompt_tokens,
        outputTokens: paid * usage.completion_tokens,
      });
    },
  );

  it('is told when it may go on, where the cap of the day is reached, and no question leaves', async () => {
    await household.restart({ env: { OPENAI_MAX_TOKENS_PER_DAY: '9000' } });
    model.does(fun);
    const asked = model.asked.length;

    const ended = await watchToEnd(household.api, (await startJob(household.api, batch)).job.id);

    expect(ended).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'MODEL_CAP_REACHED',
        action: expect.stringMatching(
          /^Retry after \d{4}-\d\d-\d\d 00:00 UTC, or raise OPENAI_MAX_TOKENS_PER_DAY\.$/,
        ) as string,
      },
    });
    expect(model.asked).toHaveLength(asked);
    expect((await suggestionsOf(ended.id)).length).toBeGreaterThan(0);
  });
});
