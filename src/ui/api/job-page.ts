import { gql, type TypedDocumentNode } from 'urql';
import { jobFields, type Budget, type Job } from './job.js';

export interface JobPage {
  readonly nodes: readonly Job[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface FilterInput {
  readonly types: readonly string[];
  readonly statuses: readonly string[];
}

/** A page of jobs, newest first. */
export const jobPageQuery: TypedDocumentNode<
  { readonly jobs: JobPage },
  { readonly filter: FilterInput; readonly first: number; readonly after: string | null }
> = gql`
  query JobPage($filter: JobFilter, $first: Int!, $after: String) {
    jobs(filter: $filter, first: $first, after: $after) {
      nodes {
        ...JobFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${jobFields}
`;

/** What the page needs to know before it can follow the updates; `lastSeen` is null where that job is gone. */
export const startingPointQuery: TypedDocumentNode<
  {
    readonly viewer: { readonly id: string };
    readonly budgets: readonly Budget[];
    readonly jobs: JobPage;
    /** Those that have not ended, however long ago they were created. */
    readonly active: { readonly nodes: readonly Job[] };
    readonly lastSeen: { readonly id: string; readonly position: string } | null;
  },
  { readonly filter: FilterInput; readonly first: number; readonly lastSeenId: string }
> = gql`
  query StartingPoint($filter: JobFilter, $first: Int!, $lastSeenId: ID!) {
    viewer {
      id
    }
    budgets {
      id
      name
    }
    jobs(filter: $filter, first: $first) {
      nodes {
        ...JobFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    active: jobs(filter: { statuses: [QUEUED, RUNNING] }, first: 100) {
      nodes {
        ...JobFields
      }
    }
    lastSeen: job(id: $lastSeenId) {
      id
      position
    }
  }
  ${jobFields}
`;
