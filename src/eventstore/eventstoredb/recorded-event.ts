import type { RecordedEvent as ServerEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '../event-store.js';
import { EventStoreOpenError } from '../event-store-errors.js';
import { isJsonObject } from '../is-json-object.js';
import { positionOf } from './position.js';

/** @throws EventStoreOpenError the server does not say where in the log it is */
export function recorded(event: ServerEvent): RecordedEvent {
  const { streamId: stream, id, type, position } = event;
  if (!position) throw new EventStoreOpenError('EventStoreDB is too old. Install 24.10.');
  // The client gives back as text what says that it is JSON and is not.
  const payload: unknown = event.data;
  const metadata: unknown = event.metadata;
  return {
    stream,
    id,
    type,
    data: isJsonObject(payload) ? payload : undefined,
    ...(isJsonObject(metadata) && { metadata }),
    revision: Number(event.revision),
    position: positionOf(position),
  };
}
