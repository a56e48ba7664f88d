import { goTo, parameterOfAddress } from '../address.js';
import type { JobFilter } from '../api/job-filter.js';
import { jobTypes } from '../words/job-type-name.js';
import { jobStatuses } from '../words/status-name.js';

/** What the page does not know is passed over. */
export function filterOfAddress(): JobFilter {
  const type = parameterOfAddress('type');
  const status = parameterOfAddress('status');
  return {
    type: jobTypes.find((known) => known === type) ?? null,
    status: jobStatuses.find((known) => known === status) ?? null,
  };
}

export function putIntoAddress({ type, status }: JobFilter): void {
  goTo({ type, status });
}
