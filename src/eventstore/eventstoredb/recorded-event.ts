import type { RecordedEvent as ServerEvent } from '@eventstore/db-client';
import type { JsonObject, RecordedEvent } from '../event-store.js';
import { EventStoreOpenError } from '../event-store-errors.js';
import { MalformedEventError } from '../malformed-event-error.js';
import { positionOf } from './position.js';

/**
 * @throws MalformedEventError somebody else wrote it: its payload is not a JSON object
 * @throws EventStoreOpenError the server does not say where in the log it is
 */
export function recorded(event: ServerEvent): RecordedEvent {
  const { streamId: stream, id, type, position } = event;
  if (!position) throw new EventStoreOpenError('EventStoreDB is too old. Install 24.10.');
  const data: unknown = event.data;
  const envelope = { stream, id, type, revision: Number(event.revision), position: positionOf(position) };
  if (!isJsonObject(data)) throw new MalformedEventError({ ...envelope, data: {} });
  return { ...envelope, data };
}

function isJsonObject(data: unknown): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Uint8Array);
}
