import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { allUncategorized, listJobs, readJob, startJob, watchToEnd } from '../support/jobs-api.js';
import { openHousehold, type Household } from '../support/household.js';

/** The acceptance scenarios, on the real built server in front of a real Actual server. */

let household: Household;

beforeAll(async () => {
  household = await openHousehold();
});

afterEach(() => {
  household.gate.open();
});

afterAll(async () => {
  await household.close();
});

describe('US1: somebody starts a sync', () => {
  it('US1.1: sees it queued or running as soon as it is started', async () => {
    const { api } = household;
    const { job, created } = await startJob(api, { type: 'SYNC' });
    expect(created).toBe(true);
    expect(['QUEUED', 'RUNNING']).toContain(job.status);
    expect(job.completedAt).toBeNull();
    await watchToEnd(api, job.id);
  });

  it('US1.2: sees it succeeded, with the time of its completion and what it did', async () => {
    const { api } = household;
    await household.buy(2);
    const { job } = await startJob(api, { type: 'SYNC' });
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe('SUCCEEDED');
    expect(ended.failure).toBeNull();
    expect(Date.parse(ended.completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ended.startedAt ?? ''));
    const [step] = ended.steps;
    expect(step).toMatchObject({ order: 1, type: 'SYNC', status: 'SUCCEEDED', attempt: 1 });
    expect(step?.result).toMatchObject({ transactionsChanged: 2, messagesSent: 0 });
    expect(step?.result?.accountsTouched).toHaveLength(1);
    expect(await readJob(api, job.id)).toEqual(ended);
  });

  it('US1.3: sees it failed, with a reason that they understand and what to do', async () => {
    const { api, gate } = household;
    gate.refuse();
    const { job } = await startJob(api, { type: 'SYNC' });
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe('FAILED');
    expect(ended.completedAt).not.toBeNull();
    expect(ended.failure).toMatchObject({ code: 'ACTUAL_UNREACHABLE', retryable: true });
    expect(ended.failure?.message).toMatch(/\w.+\.$/);
    expect(ended.failure?.action).toMatch(/\w.+\.$/);
    expect(ended.steps[0]).toMatchObject({ status: 'FAILED', failure: ended.failure });
  });
});

describe('US2: somebody lets categories be suggested', () => {
  it('US2.1: the job has a type of its own, and can be filtered by it', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized });
    expect(job.type).toBe('SUGGESTIONS_GENERATION');
    await watchToEnd(api, job.id);
    const suggestionJobs = await listJobs(api, { types: ['SUGGESTIONS_GENERATION'] });
    expect(suggestionJobs.map(({ id }) => id)).toContain(job.id);
    expect(new Set(suggestionJobs.map(({ type }) => type))).toEqual(new Set(['SUGGESTIONS_GENERATION']));
    const syncJobs = await listJobs(api, { types: ['SYNC'] });
    expect(syncJobs.map(({ id }) => id)).not.toContain(job.id);
  });

  it('US2.2: its suggestions can be read, each with a category, a confidence and a reason', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized });
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe('SUCCEEDED');
    const { job: read } = await api.request<{
      job: { suggestions: { nodes: Record<string, unknown>[]; totalCount: number } };
    }>(
      `query ($id: ID!) { job(id: $id) { suggestions(first: 500) { totalCount nodes {
         transactionId date payee amount categoryId categoryName source confidence rationale } } } }`,
      { id: job.id },
    );
    const { nodes, totalCount } = read.suggestions;
    expect(nodes).toHaveLength(totalCount);
    const { requested, suggested, unanswered, fromHistory, fromModel } = ended.steps[0]?.result ?? {};
    expect(suggested).toBe(totalCount);
    expect(totalCount).toBeGreaterThan(0);
    expect(fromHistory).toBe(nodes.filter(({ source }) => source === 'HISTORY').length);
    expect(fromModel).toBe(nodes.filter(({ source }) => source === 'MODEL').length);
    expect(Number(fromModel) > 0).toBe(inject('modelUrl') !== undefined);
    expect(requested).toBe(totalCount + Number(unanswered));
    for (const node of nodes) {
      expect(node).toMatchObject({
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
        source: expect.stringMatching(/^HISTORY|MODEL$/) as string,
        rationale: expect.stringMatching(/\w.+\.$/) as string,
      });
      expect(node.confidence).toBeGreaterThan(0);
      expect(node.confidence).toBeLessThanOrEqual(1);
    }
  });

  it('US2.2: what nobody had an answer for can be read, too', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SUGGESTIONS_GENERATION', batch: allUncategorized });
    const ended = await watchToEnd(api, job.id);
    const { job: read } = await api.request<{
      job: {
        unanswered: { nodes: Record<string, unknown>[]; totalCount: number };
        suggestions: { nodes: { transactionId: string }[] };
      };
    }>(
      `query ($id: ID!) { job(id: $id) {
         suggestions(first: 500) { nodes { transactionId } }
         unanswered(first: 500) { totalCount nodes { transactionId date payee amount } } } }`,
      { id: job.id },
    );
    const { nodes, totalCount } = read.unanswered;
    const { requested, unanswered } = ended.steps[0]?.result ?? {};
    expect(totalCount).toBe(unanswered);
    expect(nodes).toHaveLength(totalCount);
    // A model answers the one that history cannot.
    if (inject('modelUrl') === undefined) expect(totalCount).toBeGreaterThan(0);
    const ids = [...nodes, ...read.suggestions.nodes].map(({ transactionId }) => transactionId);
    expect(new Set(ids).size).toBe(requested);
    for (const node of nodes)
      expect(node).toEqual({
        transactionId: expect.any(String) as string,
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
        payee: expect.any(String) as string,
        amount: expect.any(Number) as number,
      });
  });
});

describe('US3: somebody syncs and lets categories be suggested afterwards', () => {
  it('US3.1: sees both steps of the job, in order', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    expect(job.steps.map(({ order, type }) => [order, type])).toEqual([
      [1, 'SYNC'],
      [2, 'SUGGESTIONS_GENERATION'],
    ]);
    await watchToEnd(api, job.id);
  });

  it('US3.2: the second step starts by itself after the first has succeeded', async () => {
    const { api } = household;
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe('SUCCEEDED');
    const [first, second] = ended.steps;
    expect(Date.parse(second?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.completedAt ?? ''));
    const events = ended.history
      .filter(({ step }) => step !== null)
      .map(({ event, step }) => `${event} ${String(step)}`);
    expect(events.indexOf('StepSucceeded 1')).toBeLessThan(events.indexOf('StepStarted 2'));
    expect(events.at(-1)).toBe('StepSucceeded 2');
  });

  it('US3.3: where the sync fails, the second step never starts and the job is failed', async () => {
    const { api, gate } = household;
    gate.refuse();
    const { job } = await startJob(api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    const ended = await watchToEnd(api, job.id);
    expect(ended.status).toBe('FAILED');
    const [first, second] = ended.steps;
    expect(first).toMatchObject({ status: 'FAILED', failure: { code: 'ACTUAL_UNREACHABLE' } });
    expect(second).toMatchObject({
      status: 'SKIPPED',
      attempt: 0,
      startedAt: null,
      result: null,
      failure: { code: 'PREREQUISITE_FAILED' },
    });
    expect(ended.failure).toEqual(first?.failure);
    expect(ended.history.map(({ event, step }) => `${event} ${String(step)}`)).not.toContain('StepStarted 2');
  });
});
