import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendResult, EventStore, ExpectedRevision, JsonObject } from '../eventstore/event-store.js';
import { EventStoreUnavailableError } from '../eventstore/event-store-errors.js';

const firstPauseMs = 50;
const longestPauseMs = 2000;

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
export async function appendDurably(
  store: EventStore,
  stream: string,
  facts: readonly Fact[],
  options: { readonly expectedRevision: ExpectedRevision; readonly signal: AbortSignal },
): Promise<AppendResult> {
  const { expectedRevision, signal } = options;
  const events = facts.map(({ type, ...data }) => ({ id: randomUUID(), type, data: data as JsonObject }));
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await store.append(stream, events, { expectedRevision });
    } catch (error) {
      if (!(error instanceof EventStoreUnavailableError) || signal.aborted) throw error;
      // An aborted pause ends the repeats with what the store said last.
      await pause(pauseMs, undefined, { signal }).catch(() => Promise.reject(error));
    }
  }
}
