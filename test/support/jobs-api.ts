import type { ApiClient } from './api-client.js';

/** A job as the tests ask for it: everything but its suggestions. */
export interface JobData {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly cancelRequestedAt: string | null;
  readonly queuePosition: number | null;
  readonly retryOf: string | null;
  readonly position: string;
  readonly failure: FailureData | null;
  readonly steps: readonly StepData[];
  readonly history: readonly { at: string; event: string; step: number | null; message: string }[];
}

interface FailureData {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  readonly retryable: boolean;
}

interface StepData {
  readonly order: number;
  readonly type: string;
  readonly status: string;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly failure: FailureData | null;
  readonly result: Readonly<Record<string, unknown>> | null;
}

export interface StartInput {
  readonly type: 'SYNC' | 'SUGGESTIONS_GENERATION' | 'SYNC_AND_GENERATE';
  readonly budgetId?: string;
  readonly batch?: { readonly transactionIds?: readonly string[]; readonly allUncategorized?: boolean };
  readonly onConflict?: 'RETURN_EXISTING' | 'QUEUE' | 'REJECT';
  readonly idempotencyKey?: string;
}

export const allUncategorized = { allUncategorized: true } as const;

const failureFields = 'failure { code message action retryable }';
const jobFields = `
  id type status createdAt startedAt completedAt cancelRequestedAt queuePosition retryOf position ${failureFields}
  steps {
    order type status attempt startedAt completedAt nextAttemptAt ${failureFields}
    result {
      ... on SyncResult { messagesReceived messagesSent transactionsChanged accountsTouched durationMs }
      ... on SuggestionsResult {
        requested suggested fromHistory fromModel unanswered unusable model inputTokens outputTokens cost
      }
    }
  }
  history { at event step message }`;

export async function startJob(
  api: ApiClient,
  input: StartInput,
): Promise<{ readonly job: JobData; readonly created: boolean }> {
  const { startJob: started } = await api.request<{ startJob: { job: JobData; created: boolean } }>(
    `mutation ($input: StartJobInput!) { startJob(input: $input) { created job { ${jobFields} } } }`,
    { input },
  );
  return started;
}

export async function readJob(api: ApiClient, id: string): Promise<JobData | null> {
  const { job } = await api.request<{ job: JobData | null }>(
    `query ($id: ID!) { job(id: $id) { ${jobFields} } }`,
    { id },
  );
  return job;
}

export async function cancelJob(api: ApiClient, id: string): Promise<JobData> {
  const { cancelJob: job } = await api.request<{ cancelJob: JobData }>(
    `mutation ($id: ID!) { cancelJob(id: $id) { ${jobFields} } }`,
    { id },
  );
  return job;
}

export async function retryJob(
  api: ApiClient,
  id: string,
): Promise<{ readonly job: JobData; readonly created: boolean }> {
  const { retryJob: retried } = await api.request<{ retryJob: { job: JobData; created: boolean } }>(
    `mutation ($id: ID!) { retryJob(id: $id) { created job { ${jobFields} } } }`,
    { id },
  );
  return retried;
}

export async function listJobs(
  api: ApiClient,
  filter: { readonly types?: readonly string[]; readonly statuses?: readonly string[] } = {},
): Promise<readonly JobData[]> {
  const { jobs } = await api.request<{ jobs: { nodes: readonly JobData[] } }>(
    `query ($filter: JobFilter) { jobs(filter: $filter, first: 100) { nodes { ${jobFields} } } }`,
    { filter },
  );
  return jobs.nodes;
}

/** Where to begin to see whatever changes from now on. */
export async function lastPosition(api: ApiClient): Promise<string> {
  const positions = (await listJobs(api)).map(({ position }) => position);
  return positions.sort().at(-1) ?? '';
}

/** Follows a job on the subscription, from its present state, until it is as wanted. */
export async function watchUntil(
  api: ApiClient,
  id: string,
  isWanted: (job: JobData) => boolean,
): Promise<JobData> {
  for await (const job of jobUpdates(api, { jobId: id })) if (isWanted(job)) return job;
  throw new Error('The subscription ended before the job was as wanted');
}

export function hasEnded({ status }: JobData): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED';
}

export function watchToEnd(api: ApiClient, id: string): Promise<JobData> {
  return watchUntil(api, id, hasEnded);
}

export async function* jobUpdates(
  api: ApiClient,
  args: { readonly jobId?: string; readonly types?: readonly string[]; readonly after?: string },
): AsyncGenerator<JobData, void, undefined> {
  const updates = api.subscribe<{ jobUpdated: JobData }>(
    `subscription ($jobId: ID, $types: [JobType!], $after: String) {
      jobUpdated(jobId: $jobId, types: $types, after: $after) { ${jobFields} }
    }`,
    args,
  );
  for await (const { jobUpdated } of updates) yield jobUpdated;
}
