import { useSyncExternalStore } from 'react';

const parameter = 'job';

/** Which job is open. The address says it, so that it survives a reload, can be linked to, and Back closes it. */
export function useOpenJob() {
  const openJobId = useSyncExternalStore(subscribe, jobIdOfAddress);
  return { openJobId, openJob: goTo };
}

/** Null: none. */
function goTo(jobId: string | null): void {
  if (jobId === jobIdOfAddress()) return;
  const address = new URL(location.href);
  if (jobId === null) address.searchParams.delete(parameter);
  else address.searchParams.set(parameter, jobId);
  history.pushState(null, '', address);
  // The browser tells of Back and Forward only.
  dispatchEvent(new PopStateEvent('popstate'));
}

function jobIdOfAddress(): string | null {
  const jobId = new URLSearchParams(location.search).get(parameter);
  return jobId === '' ? null : jobId;
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}
