import { failure, type Failure } from '../domain/failure.js';
import { failureOfRequest } from './failure-of-request.js';
import { failureOfWord } from './failure-of-word.js';
import type { Server } from './server.js';
import type { Situation } from './situation.js';
import { storageFaultOf, type StorageFault } from './storage-fault.js';

/** The library's words for a request that failed or that somebody else answered: the request itself says more. */
const vagueWords: readonly string[] = [
  'network-failure',
  'network',
  'internal',
  'download-failure',
  'not-zip-file',
];

/** Puts a situation into words for the person who waits for the job. */
export function failureOfSituation({ code, request, storage }: Situation, server: Server): Failure {
  const ofWord = code === null ? null : failureOfWord(code);
  const isVague = ofWord === null || vagueWords.includes(code ?? '');
  const ofRequest = request && failureOfRequest(request, server);
  const ofStorage = storage === null ? null : failureOfStorage(storageFaultOf(storage));
  return (isVague ? (ofRequest ?? ofStorage ?? ofWord) : ofWord) ?? failure('INTERNAL');
}

function failureOfStorage(fault: StorageFault = 'other'): Failure {
  switch (fault) {
    case 'full':
      return failure('LOCAL_STORAGE', {
        message: 'The disk that holds the local copy of the budget is full.',
        action: 'Make room on the disk of DATA_DIR, then retry.',
      });
    case 'not-writable':
      return failure('LOCAL_STORAGE', {
        message: 'The local copy of the budget cannot be written: this app may not write there.',
        action: 'Correct the permissions of DATA_DIR, then retry.',
      });
    case 'corrupt':
      return failure('LOCAL_STORAGE', {
        message: 'The local copy of the budget is damaged.',
        action: 'Check the disk of DATA_DIR, then retry.',
      });
    case 'gone':
      return failure('LOCAL_STORAGE', {
        message: 'The local copy of the budget was removed while it was in use.',
        action: 'Leave DATA_DIR to this app alone, then retry.',
      });
    case 'busy':
      return failure('LOCAL_STORAGE', {
        message: 'Another process is using the local copy of the budget.',
        action: 'End whatever else opens files in DATA_DIR, then retry.',
        retryable: true,
      });
    case 'other':
      return failure('LOCAL_STORAGE', {
        message: 'The disk that holds the local copy of the budget reported an error.',
        action: 'Check the disk of DATA_DIR, then retry.',
      });
  }
}
