import type { Failure } from './failure.js';
import type { StepResult } from './step-result.js';

/** The names of the API's enums; there may be more than the page knows. */
export type JobType = string;
export type JobStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';

export type StepStatus = JobStatus | 'SKIPPED';

/** What the list shows of a job. Instants are ISO texts in UTC, which compare as text. */
export interface Job {
  readonly id: string;
  readonly type: JobType;
  readonly status: JobStatus;
  readonly budget: Budget;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly failure: Failure | null;
  /** In their order. */
  readonly steps: readonly JobStep[];
  /** Of the last event that this state includes. Opaque; compare as text. */
  readonly position: string;
}

export interface JobStep {
  readonly type: string;
  readonly status: StepStatus;
  readonly result: StepResult | null;
}

export interface Budget {
  readonly id: string;
  readonly name: string;
}

/** To be put behind a document that spreads `...JobFields`. */
export const jobFields = `
  fragment JobFields on Job {
    id
    type
    status
    budget { id name }
    createdAt
    startedAt
    completedAt
    failure { ...FailureFields }
    steps {
      type
      status
      result {
        __typename
        ... on SyncResult { messagesReceived messagesSent transactionsChanged accountsTouched durationMs }
        ... on SuggestionsResult {
          requested suggested fromHistory fromModel unanswered unusable model inputTokens outputTokens cost
        }
      }
    }
    position
  }
  fragment FailureFields on Failure {
    code
    message
    action
  }
`;

export function isActive({ status }: Pick<Job, 'status'>): boolean {
  return status === 'QUEUED' || status === 'RUNNING';
}
