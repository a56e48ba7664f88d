import { expect, it } from 'vitest';
import type { StepResult, SuggestionsResult } from '../../src/ui/api/step-result.js';
import { resultSentence } from '../../src/ui/words/result-sentence.js';

const synced: StepResult = {
  __typename: 'SyncResult',
  messagesReceived: 0,
  messagesSent: 0,
  transactionsChanged: 0,
  accountsTouched: [],
  durationMs: 7,
};

const suggested: SuggestionsResult = {
  __typename: 'SuggestionsResult',
  requested: 3,
  suggested: 3,
  fromHistory: 3,
  fromModel: 0,
  unanswered: 0,
  unusable: null,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  cost: null,
};

const ofModel = {
  ...{ ...suggested, requested: 4, fromHistory: 1, fromModel: 2, unanswered: 1, model: 'gpt-4o-mini' },
  ...{ inputTokens: 1_200, outputTokens: 100 },
};

it.each<{ result: StepResult; sentence: string }>([
  { result: synced, sentence: 'No transaction changed.' },
  {
    result: {
      ...synced,
      messagesReceived: 1,
      transactionsChanged: 1,
      accountsTouched: ['Cash'],
      durationMs: 999,
    },
    sentence: '1 transaction changed in Cash.',
  },
  {
    result: {
      ...synced,
      messagesSent: 2,
      transactionsChanged: 2,
      accountsTouched: ['Cash', 'Credit Card'],
      durationMs: 2_000,
    },
    sentence: '2 transactions changed in Cash, Credit Card.',
  },
  {
    result: suggested,
    sentence: '3 of 3 transactions got a suggestion. Your budget’s history answered; no model was asked.',
  },
  {
    result: { ...ofModel, cost: null },
    sentence:
      '3 of 4 transactions got a suggestion. Nothing was sure enough for 1. 1 from your budget’s history, 2 from gpt-4o-mini, for 1,300 tokens.',
  },
  {
    result: { ...ofModel, cost: 0.00041 },
    sentence:
      '3 of 4 transactions got a suggestion. Nothing was sure enough for 1. 1 from your budget’s history, 2 from gpt-4o-mini, for 1,300 tokens (0.0004 at your prices).',
  },
  {
    result: { ...ofModel, unusable: 1, inputTokens: 0, outputTokens: 0 },
    sentence:
      '3 of 4 transactions got a suggestion. What gpt-4o-mini answered could not be used for 1. 1 from your budget’s history, 2 from gpt-4o-mini; its server does not tell what that took.',
  },
])('tells what a step did: $sentence', ({ result, sentence }) => {
  expect(resultSentence(result)).toBe(sentence);
});
