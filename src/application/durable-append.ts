import { randomUUID } from 'node:crypto';
import type { AppendResult, EventStore, ExpectedRevision } from '../eventstore/event-store.js';
import { untilAvailable } from './until-available.js';

export interface Fact {
  readonly type: string;
}

/**
 * Appends what was decided, and repeats the very same append, with the same ids, for as long as its outcome
 * is unknown. The ids are drawn here, once: a decision that is taken anew gets new ones.
 *
 * @throws WrongExpectedRevisionError somebody else came first: nothing was appended, decide again
 * @throws EventStoreUnavailableError the outcome was still unknown when `signal` was aborted
 */
export function appendDurably(
  store: EventStore,
  stream: string,
  facts: readonly Fact[],
  options: { readonly expectedRevision: ExpectedRevision; readonly signal: AbortSignal },
): Promise<AppendResult> {
  const { expectedRevision, signal } = options;
  const events = facts.map(({ type, ...data }) => ({ id: randomUUID(), type, data }));
  return untilAvailable(() => store.append(stream, events, { expectedRevision }), signal);
}
