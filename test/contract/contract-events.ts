import { randomUUID } from 'node:crypto';
import type {
  AppendResult,
  EventStore,
  ExpectedRevision,
  JsonObject,
  NewEvent,
} from '../../src/eventstore/event-store.js';

/** What all streams of this run begin with, in either case: the server may hold others. */
export const ownPrefix = `contract-${randomUUID()}-`;

/** A name that no other test and no earlier run has used. */
export function newStream(name = ''): string {
  return ownPrefix + name + randomUUID();
}

export function newEvent(data: JsonObject = {}, type = 'SomethingHappened'): NewEvent {
  return { id: randomUUID(), type, data };
}

/** Events whose payloads tell their order: `{ number: from }`, `{ number: from + 1 }` ... */
export function newEvents(count: number, from = 0): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => newEvent({ number: from + index }));
}

export function append(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expectedRevision: ExpectedRevision = 'any',
): Promise<AppendResult> {
  return store.append(stream, events, { expectedRevision });
}

export async function revisionsOf(store: EventStore, stream: string): Promise<readonly number[]> {
  return (await store.read(stream)).map(({ revision }) => revision);
}
