import { initGraphQLTada, type ResultOf } from 'gql.tada';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { introspection } from './api-types.js';

/** Answers have the types of the API, which `npm run schema` writes into api-types.d.ts. */
const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTimeISO: string } }>();
const startSync = graphql('mutation { startJob(input: { type: SYNC }) { job { id } } }');
const updates = graphql(
  'subscription ($jobId: ID, $after: String) { jobUpdated(jobId: $jobId, after: $after) { id status position failure { message action } } }',
);
type Answer<T> = { data?: T | null; errors?: readonly { message: string }[] };

class RefusedError extends Error {}

function dataOf<T>({ data, errors }: Answer<T>): T {
  if (!data) throw new RefusedError(errors?.[0]?.message);
  return data;
}

/** Starts a sync, and gives each of its states until it has ended, whatever becomes of the connection meanwhile. */
export async function* sync(url: string, token: string) {
  const authorization = `Bearer ${token}`;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: print(startSync) }),
  });
  const jobId = dataOf((await response.json()) as Answer<ResultOf<typeof startSync>>).startJob.job.id;
  // At first the present state; then what has changed since the last one that was seen.
  for (let after: string | undefined; ;) {
    const wsUrl = `${url.replace(/^http/, 'ws')}/graphql`;
    const connectionParams = { authorization };
    const client = createClient({ url: wsUrl, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    try {
      const operation = { query: print(updates), variables: { jobId, after } };
      for await (const answer of client.iterate<ResultOf<typeof updates>>(operation)) {
        const job = dataOf(answer as Answer<ResultOf<typeof updates>>).jobUpdated;
        after = job.position;
        yield job;
        if (['SUCCEEDED', 'FAILED', 'CANCELED'].includes(job.status)) return;
      }
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      if (Array.isArray(error)) throw new RefusedError((error as { message: string }[])[0]?.message);
    } finally {
      void client.dispose();
    }
    // The connection was lost: what is missed now comes with the next one.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
