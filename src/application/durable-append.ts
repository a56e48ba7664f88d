import { randomUUID } from 'node:crypto';
import type { AppendResult, EventStore, ExpectedRevision, JsonObject } from '../eventstore/event-store.js';
import { untilAvailable } from '../eventstore/until-available.js';

export interface Fact {
  readonly type: string;
}

/**
 * A stream that is to be begun may meanwhile have been begun by somebody else, have lived and been deleted: a repeat
 * would then begin it once more. So nobody repeats that for as long as a job is kept (milliseconds).
 */
const longestBeginningMs = 60_000;

/**
 * Appends what was decided, and repeats the very same append, with the same ids, for as long as its outcome
 * is unknown. The ids are drawn here, once: a decision that is taken anew gets new ones.
 *
 * @throws WrongExpectedRevisionError somebody else came first: nothing was appended, decide again
 * @throws EventStoreUnavailableError the outcome was still unknown when `signal` was aborted, or, of a stream that is
 *   to be begun, after a minute
 */
export function appendDurably(
  store: EventStore,
  stream: string,
  facts: readonly Fact[],
  options: {
    readonly expectedRevision: ExpectedRevision;
    readonly signal: AbortSignal;
    /** Accompanies each event. */
    readonly metadata?: JsonObject | undefined;
  },
): Promise<AppendResult> {
  const { expectedRevision, signal, metadata } = options;
  const events = facts.map(({ type, ...data }) => ({
    ...{ id: randomUUID(), type, data },
    ...(metadata && { metadata }),
  }));
  const longestMs = expectedRevision === 'no-stream' ? longestBeginningMs : Infinity;
  return untilAvailable(() => store.append(stream, events, { expectedRevision }), signal, longestMs);
}
