import { EventStoreUnavailableError } from '../event-store-errors.js';
import { faultSentences } from './server-fault.js';

/**
 * How long a sign of life is waited for (milliseconds). A server that hangs keeps its connection: nobody else
 * would say so for a long time.
 */
const patienceMs = 4_000;

export interface Waiting {
  /** Ends the wait: nobody wants the result any longer. */
  readonly closing: AbortSignal;
  /** Called when it was waited for in vain: the work goes on otherwise. */
  readonly giveUp?: () => void;
}

/**
 * The result of some work, which calls `onProgress` whenever something came of it.
 *
 * @throws EventStoreUnavailableError nothing came for too long, or the store was closed
 */
export function withinTime<T>(
  work: (onProgress: () => void) => Promise<T>,
  { closing, giveUp }: Waiting,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const fail = (sentence: string) => {
      settle();
      reject(new EventStoreUnavailableError(sentence));
      giveUp?.();
    };
    const onClosing = () => fail(closedSentence);
    const timer = setTimeout(() => fail(faultSentences.UNREACHABLE), patienceMs);
    const settle = () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', onClosing);
    };
    closing.addEventListener('abort', onClosing);
    work(() => timer.refresh())
      .then(resolve, reject)
      .finally(settle);
  });
}

export const closedSentence = 'The event store is closed.';
