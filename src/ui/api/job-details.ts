import { gql, type TypedDocumentNode } from 'urql';
import type { Failure } from './failure.js';
import { jobFields, type Job, type JobStep } from './job.js';

/** Everything about a job but its suggestions and what got none, of which it has the numbers. */
export interface JobDetails extends Job {
  readonly cancelRequestedAt: string | null;
  readonly retryOf: string | null;
  readonly steps: readonly JobDetailsStep[];
  readonly history: readonly JobTransition[];
  readonly suggestions: { readonly totalCount: number };
  readonly unanswered: { readonly totalCount: number };
}

export interface JobDetailsStep extends JobStep {
  /** From 1. */
  readonly order: number;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly failure: Failure | null;
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
      steps {
        order
        attempt
        startedAt
        completedAt
        nextAttemptAt
        failure {
          ...FailureFields
        }
      }
      history {
        at
        message
      }
      suggestions(first: 1) {
        totalCount
      }
      unanswered(first: 1) {
        totalCount
      }
    }
  }
  ${jobFields}
`;
