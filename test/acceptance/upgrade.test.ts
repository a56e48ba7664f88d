import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { allUncategorized, retryJob, startJob, type JobData } from '../support/jobs-api.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { tempFolders } from '../support/temp-folder.js';

/**
 * The event store of a server of 24 November 2026 (4eb8ff4), the first that ran whole, and what that server answered to the query
 * below before it ended; how sentences of the history are worded is no part of it. Neither is ever made anew.
 */
const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/first-version/${name}`, import.meta.url));
const answered = JSON.parse(readFileSync(fixture('jobs.json'), 'utf8')) as {
  readonly nodes: readonly JobData[];
};

const query = `{ jobs(first: 100) { totalCount nodes {
  id type status createdAt startedAt completedAt cancelRequestedAt retryOf failure { code message action }
  steps {
    type status attempt startedAt completedAt failure { code }
    result {
      __typename
      ... on SyncResult { messagesReceived messagesSent transactionsChanged accountsTouched }
      ... on SuggestionsResult { requested suggested unanswered }
    }
  }
  history { at event step }
  suggestions(first: 3) { totalCount nodes { transactionId payee amount date categoryId categoryName confidence rationale source } }
  position
} } }`;

const budgetId = '183aed05-13fd-40df-b531-52f5d6b1449b';
const tempFolder = tempFolders();

let server: ServerProcess;
let api: ApiClient;

beforeAll(async () => {
  const dataDir = tempFolder();
  copyFileSync(fixture('events.sqlite'), path.join(dataDir, 'events.sqlite'));
  server = await startServer({
    dataDir,
    env: {
      RETENTION_DAYS: '36500',
      // Nobody answers there.
      ACTUAL_SERVER_URL: 'http://127.0.0.1:9',
      ACTUAL_PASSWORD: 'any',
      ACTUAL_SYNC_ID: budgetId,
    },
  });
  api = new ApiClient(server.url);
});

afterAll(async () => {
  await api.close();
  await server.stop();
});

const jobWhere = (isWanted: (job: JobData) => boolean): string => answered.nodes.find(isWanted)?.id ?? 'none';

describe('a log that the first version wrote', () => {
  it('is told of as that version told of it', async () => {
    expect(await api.request(query)).toEqual({ jobs: answered });
  });

  it('holds every job of it: each type, each end', () => {
    const kinds = answered.nodes.map(({ type, status }) => `${type} ${status}`);
    expect(new Set(kinds)).toEqual(
      new Set([
        'SYNC SUCCEEDED',
        'SUGGESTIONS_GENERATION SUCCEEDED',
        'SYNC_AND_GENERATE SUCCEEDED',
        'SYNC_AND_GENERATE FAILED',
        'SYNC_AND_GENERATE CANCELED',
      ]),
    );
  });

  it('still knows the keys that were used then', async () => {
    const input = {
      type: 'SUGGESTIONS_GENERATION',
      batch: allUncategorized,
      idempotencyKey: 'monday',
    } as const;
    const { job, created } = await startJob(api, input);
    expect({ id: job.id, created }).toEqual({
      id: jobWhere(({ type }) => type === 'SUGGESTIONS_GENERATION'),
      created: false,
    });
  });

  it('has jobs that can be retried', async () => {
    const failed = jobWhere(({ status }) => status === 'FAILED');
    const { job, created } = await retryJob(api, failed);
    expect(created).toBe(true);
    expect(job).toMatchObject({ retryOf: failed, type: 'SYNC_AND_GENERATE' });
  });
});
