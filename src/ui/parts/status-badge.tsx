import type { StepStatus } from '../api/job.js';
import { statusName } from '../words/status-name.js';

export function StatusBadge({ status }: { readonly status: StepStatus }) {
  return <span className={`status status-${status.toLowerCase()}`}>{statusName(status)}</span>;
}
