import { gql, type TypedDocumentNode } from 'urql';
import { jobFields, type Job, type JobStatus } from './job.js';

/** Everything about a job but its suggestions, of which it has the number. */
export interface JobDetails extends Job {
  readonly cancelRequestedAt: string | null;
  readonly retryOf: string | null;
  readonly failure: Failure | null;
  readonly steps: readonly JobStep[];
  readonly history: readonly JobTransition[];
  readonly suggestions: { readonly totalCount: number };
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly action: string;
}

export type StepStatus = JobStatus | 'SKIPPED';

export interface JobStep {
  /** From 1. */
  readonly order: number;
  readonly type: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly nextAttemptAt: string | null;
  readonly failure: Failure | null;
  readonly result: StepResult | null;
}

export type StepResult = SyncResult | SuggestionsResult;

export interface SyncResult {
  readonly __typename: 'SyncResult';
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly transactionsChanged: number;
  readonly accountsTouched: readonly string[];
  readonly durationMs: number;
}

export interface SuggestionsResult {
  readonly __typename: 'SuggestionsResult';
  readonly requested: number;
  readonly suggested: number;
  readonly fromHistory: number;
  readonly fromModel: number;
  readonly unanswered: number;
  readonly unusable: number | null;
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
}

export interface JobTransition {
  readonly at: string;
  readonly message: string;
}

/** Begins with the present state. */
export const jobDetailsSubscription: TypedDocumentNode<
  { readonly jobUpdated: JobDetails },
  { readonly jobId: string }
> = gql`
  subscription JobDetails($jobId: ID!) {
    jobUpdated(jobId: $jobId) {
      ...JobFields
      cancelRequestedAt
      retryOf
      failure {
        ...FailureFields
      }
      steps {
        order
        type
        status
        attempt
        nextAttemptAt
        failure {
          ...FailureFields
        }
        result {
          __typename
          ... on SyncResult {
            messagesReceived
            messagesSent
            transactionsChanged
            accountsTouched
            durationMs
          }
          ... on SuggestionsResult {
            requested
            suggested
            fromHistory
            fromModel
            unanswered
            unusable
            model
            inputTokens
            outputTokens
            cost
          }
        }
      }
      history {
        at
        message
      }
      suggestions(first: 1) {
        totalCount
      }
    }
  }
  fragment FailureFields on Failure {
    code
    message
    action
  }
  ${jobFields}
`;
