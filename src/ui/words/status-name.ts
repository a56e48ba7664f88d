import type { JobStatus, StepStatus } from '../api/job.js';
import { strings } from '../strings.js';

export const jobStatuses: readonly JobStatus[] = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'];

export function statusName(status: StepStatus): string {
  return strings.statuses[status];
}
