import { describe, expect, it } from 'vitest';
import { isSameRequest, type JobRequest } from '../../src/domain/job-request.js';
import { combinedRequest, syncRequest, syncResult } from '../support/job-history.js';

const withBatch = (...transactionIds: string[]): JobRequest => ({
  ...combinedRequest,
  input: { batch: { transactionIds } },
});

describe('two requests ask for the same job', () => {
  it('where owner, budget, type and input are equal', () => {
    expect(isSameRequest(syncRequest, { ...syncRequest })).toBe(true);
    expect(isSameRequest(withBatch('a', 'b'), withBatch('a', 'b'))).toBe(true);
  });

  it('in whatever order they name the transactions, and however often', () => {
    expect(isSameRequest(withBatch('a', 'b'), withBatch('b', 'a', 'b'))).toBe(true);
  });

  it('where one of them retries a job and so brings along what was achieved', () => {
    const plan = [{ step: 1, type: 'SYNC', carried: { result: syncResult, progress: [] } }];
    expect(isSameRequest(syncRequest, { ...syncRequest, plan, retryOf: 'job-before' })).toBe(true);
  });
});

describe('two requests ask for different jobs', () => {
  it.each([
    ['owner', { ...syncRequest, ownerId: 'bert' }],
    ['budget', { ...syncRequest, budgetId: 'business' }],
    ['type', { ...syncRequest, type: 'SYNC_AND_GENERATE' }],
    ['input', { ...syncRequest, input: { batch: { allUncategorized: true } } }],
  ] as const)('where the %s differs', (_what, other) => {
    expect(isSameRequest(syncRequest, other)).toBe(false);
  });

  it('where the batches differ', () => {
    expect(isSameRequest(withBatch('a', 'b'), withBatch('a'))).toBe(false);
    expect(isSameRequest(withBatch('a,b'), withBatch('a', 'b'))).toBe(false);
    expect(isSameRequest(withBatch('a'), combinedRequest)).toBe(false);
  });
});
