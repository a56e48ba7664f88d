import type { ApiClient } from '../support/api-client.js';
import type { ShownJob } from './observed.js';

interface Page {
  readonly jobs: {
    readonly nodes: readonly (Omit<ShownJob, 'events'> & {
      readonly history: readonly { event: string }[];
    })[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** A user's jobs, newest first, page by page, down to the first that did not change after this position. */
export async function listJobsSince(api: ApiClient, since: string): Promise<readonly ShownJob[]> {
  const jobs: ShownJob[] = [];
  let after: string | null = null;
  for (;;) {
    const { jobs: page }: Page = await api.request<Page>(
      `query ($after: String) {
        jobs(first: 100, after: $after) {
          nodes { id status position history { event } } pageInfo { hasNextPage endCursor }
        }
      }`,
      { after },
    );
    const nodes = page.nodes.map(({ history, ...job }) => ({
      ...job,
      events: history.map(({ event }) => event),
    }));
    jobs.push(...nodes.filter(({ position }) => position > since));
    if (!page.pageInfo.hasNextPage || nodes.some(({ position }) => position <= since)) return jobs;
    after = page.pageInfo.endCursor;
  }
}
