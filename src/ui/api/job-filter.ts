import type { JobStatus, JobType } from './job.js';

/** Null: any. */
export interface JobFilter {
  readonly type: JobType | null;
  readonly status: JobStatus | null;
}

export const anyJob: JobFilter = { type: null, status: null };

export function matches({ type, status }: JobFilter, job: { type: JobType; status: JobStatus }): boolean {
  return (type === null || job.type === type) && (status === null || job.status === status);
}

export function isSameFilter(one: JobFilter, other: JobFilter): boolean {
  return one.type === other.type && one.status === other.status;
}

/** As the API's input. */
export function toInput({ type, status }: JobFilter) {
  return { types: type === null ? [] : [type], statuses: status === null ? [] : [status] };
}
