import { gql, type TypedDocumentNode } from 'urql';
import { jobFields, type Job, type JobType } from './job.js';

/** `created` is false where a job that was already there answers the request. */
export interface StartedJob {
  readonly job: Job;
  readonly created: boolean;
}

export interface StartJobInput {
  readonly type: JobType;
  /** May be left out where there is one budget. */
  readonly budgetId?: string | undefined;
  /** What to do where the same job is active already: by default that one is the answer. */
  readonly onConflict?: 'QUEUE' | undefined;
  readonly batch?:
    { readonly allUncategorized: true } | { readonly transactionIds: readonly string[] } | undefined;
}

export const startJobMutation: TypedDocumentNode<
  { readonly startJob: StartedJob },
  { readonly input: StartJobInput }
> = gql`
  mutation StartJob($input: StartJobInput!) {
    startJob(input: $input) {
      job {
        ...JobFields
      }
      created
    }
  }
  ${jobFields}
`;

export const cancelJobMutation: TypedDocumentNode<{ readonly cancelJob: Job }, { readonly id: string }> = gql`
  mutation CancelJob($id: ID!) {
    cancelJob(id: $id) {
      ...JobFields
    }
  }
  ${jobFields}
`;

export const retryJobMutation: TypedDocumentNode<{ readonly retryJob: StartedJob }, { readonly id: string }> =
  gql`
    mutation RetryJob($id: ID!) {
      retryJob(id: $id) {
        job {
          ...JobFields
        }
        created
      }
    }
    ${jobFields}
  `;
