import { expect, it } from 'vitest';
import type { StepResult } from '../../src/ui/api/step-result.js';
import { outcomeSentence } from '../../src/ui/words/outcome-sentence.js';
import { aJob } from './a-job.js';

const synced: StepResult = {
  __typename: 'SyncResult',
  messagesReceived: 30,
  messagesSent: 0,
  transactionsChanged: 12,
  accountsTouched: ['Cash', 'Card', 'Savings'],
  durationMs: 700,
};
const suggested: StepResult = {
  __typename: 'SuggestionsResult',
  requested: 54,
  suggested: 41,
  fromHistory: 41,
  fromModel: 0,
  unanswered: 13,
  unusable: null,
  model: null,
  inputTokens: 0,
  outputTokens: 0,
  cost: null,
};
const done = (type: string, result: StepResult) => ({ type, status: 'SUCCEEDED', result }) as const;

it('says of each step what came of it', () => {
  const steps = [done('SYNC', synced), done('SUGGESTIONS_GENERATION', suggested)];
  expect(outcomeSentence(aJob({ steps }))).toBe('12 transactions changed in 3 accounts · 41 of 54 suggested');
});

it('says why a job failed, whatever it did before', () => {
  const failure = { code: 'ACTUAL_AUTH_FAILED', message: 'The password was rejected.', action: 'Set it.' };
  const steps = [done('SYNC', synced)];
  expect(outcomeSentence(aJob({ status: 'FAILED', failure, steps }))).toBe('The password was rejected.');
});

it('says which step runs, where there are several', () => {
  const steps = [
    done('SYNC', synced),
    { type: 'SUGGESTIONS_GENERATION', status: 'RUNNING', result: null } as const,
  ];
  expect(outcomeSentence(aJob({ status: 'RUNNING', steps }))).toBe('Step 2 of 2: Suggestions Generation');
  expect(outcomeSentence(aJob({ status: 'RUNNING', steps: steps.slice(1) }))).toBe('');
});

it('says that a queued job waits', () => {
  expect(outcomeSentence(aJob({ status: 'QUEUED' }))).toBe('Waits for its turn');
});
