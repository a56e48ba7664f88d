import { useSyncExternalStore } from 'react';
import { goTo, onAddressChange, parameterOfAddress } from './address.js';

const parameter = 'job';

export function useOpenJob() {
  const openJobId = useSyncExternalStore(onAddressChange, jobIdOfAddress);
  return { openJobId, openJob };
}

/** Null: none. */
export function openJob(jobId: string | null): void {
  goTo({ [parameter]: jobId });
}

function jobIdOfAddress(): string | null {
  return parameterOfAddress(parameter);
}
