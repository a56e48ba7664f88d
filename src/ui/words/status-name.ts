import type { JobStatus, StepStatus } from '../api/job.js';

const names = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELED: 'Canceled',
  SKIPPED: 'Skipped',
} as const satisfies Record<StepStatus, string>;

export const jobStatuses: readonly JobStatus[] = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'];

export function statusName(status: StepStatus): string {
  return names[status];
}
