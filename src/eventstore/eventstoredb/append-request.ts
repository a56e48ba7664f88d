import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { ExpectedRevision } from '../event-store.js';

/** An event whose payload is text already. */
interface SerializedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  /** Empty where there are none. */
  readonly metadata: Buffer;
}

export interface AppendBatch {
  readonly stream: string;
  readonly events: readonly SerializedEvent[];
  readonly expectedRevision: ExpectedRevision;
}

/** Long enough for clocks that differ; the server has a shorter one of its own (milliseconds). */
const deadlineMs = 60_000;

export function appendRequest(
  correlationId: string,
  { stream, events, expectedRevision }: AppendBatch,
): InstanceType<typeof streams.BatchAppendReq> {
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
  options.setDeadline(timestamp.Timestamp.fromDate(new Date(Date.now() + deadlineMs)));
  if (expectedRevision === 'any') options.setAny(new empty.Empty());
  else if (expectedRevision === 'no-stream') options.setNoStream(new empty.Empty());
  else options.setStreamPosition(String(expectedRevision));
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlationId))
    .setOptions(options)
    .setProposedMessagesList(events.map(proposed))
    .setIsFinal(true);
}

function proposed({ id, type, data, metadata }: SerializedEvent) {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(new shared.UUID().setString(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(data);
  message.setCustomMetadata(metadata);
  return message;
}
