/** The names of the API's enums; there may be more than the page knows. */
export type JobType = string;
export type JobStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';

/** What the list shows of a job. Instants are ISO texts in UTC, which compare as text. */
export interface Job {
  readonly id: string;
  readonly type: JobType;
  readonly status: JobStatus;
  readonly budget: Budget;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** Of the last event that this state includes. Opaque; compare as text. */
  readonly position: string;
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
    position
  }
`;

export function isActive({ status }: Pick<Job, 'status'>): boolean {
  return status === 'QUEUED' || status === 'RUNNING';
}
