import type { Situation } from './situation.js';
import { storageFaultOf } from './storage-fault.js';

/**
 * - `log-in`: the server wants to know who asks
 * - `new-process`: the copy may well be healthy, the process is not
 * - `new-copy`: the local copy is beyond repair; the server has all of it
 */
export type Remedy = 'log-in' | 'new-process' | 'new-copy';

const sessionReasons: readonly string[] = ['token-expired', 'unauthorized'];
const copyCodes: readonly string[] = ['copy-unusable', 'out-of-sync', 'invalid fileId'];

/** What can put a situation right without anybody's help, tried once; undefined where nothing can. */
export function remedyFor({ code, request, storage }: Situation): Remedy | undefined {
  if (code === 'session-needed' || code === 'token-expired') return 'log-in';
  if (request?.kind === 'status' && sessionReasons.includes(request.reason ?? '')) return 'log-in';
  if (code === 'child-ended') return 'new-process';
  if (code !== null && copyCodes.includes(code)) return 'new-copy';
  if (request || storage === null) return undefined;
  const fault = storageFaultOf(storage);
  if (fault === 'corrupt') return 'new-copy';
  // Files that were taken away while they were open often look as if they could not be written.
  return fault === 'full' || fault === 'busy' ? undefined : 'new-process';
}
