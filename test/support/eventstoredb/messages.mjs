// Between the records of the log and the messages of the protocol.
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const { ReadResp, BatchAppendResp, DeleteResp, TombstoneResp } = streams;

export const nameOf = (identifier) => Buffer.from(identifier.getStreamName_asU8()).toString('utf8');

const identifierOf = (stream) => new shared.StreamIdentifier().setStreamName(Buffer.from(stream));

export const proposedEvents = (request) =>
  request.getProposedMessagesList().map((message) => ({
    id: message.getId().getString(),
    type: message.getMetadataMap().get('type'),
    contentType: message.getMetadataMap().get('content-type'),
    data: Buffer.from(message.getData_asU8()),
    metadata: Buffer.from(message.getCustomMetadata_asU8()),
  }));

/** A revision, 'no-stream', or 'any'. */
export function expectationOf(options) {
  if (options.hasAny()) return 'any';
  return options.hasNoStream() ? 'no-stream' : Number(options.getStreamPosition());
}

export function eventMessage({ id, stream, type, contentType, data, metadata, revision, position, created }) {
  const event = new ReadResp.ReadEvent.RecordedEvent();
  event.setId(new shared.UUID().setString(id));
  event.setStreamIdentifier(identifierOf(stream));
  event.setStreamRevision(String(revision));
  event.setCommitPosition(String(position));
  event.setPreparePosition(String(position));
  event.setData(data);
  event.setCustomMetadata(metadata);
  // Tenths of a microsecond.
  event.getMetadataMap().set('type', type).set('content-type', contentType).set('created', `${created}0000`);
  return new ReadResp().setEvent(
    new ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(position)),
  );
}

export const confirmationMessage = (id) =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUpMessage = () => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export function checkpointMessage(position) {
  const checkpoint = new ReadResp.Checkpoint();
  return new ReadResp().setCheckpoint(
    checkpoint.setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
}

export const notFoundMessage = (stream) =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)));

export function appendedMessage(request, stream, { revision, position }) {
  const success = new BatchAppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(new empty.Empty());
  else {
    const place = new shared.AllStreamPosition();
    success.setPosition(place.setCommitPosition(String(position)).setPreparePosition(String(position)));
  }
  return answerTo(request, stream).setSuccess(success);
}

export function wrongRevisionMessage(request, stream, current) {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  const expected = expectationOf(request.getOptions());
  if (expected === 'any') details.setExpectedAny(new empty.Empty());
  else if (expected === 'no-stream') details.setExpectedNoStream(new empty.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return refusal(request, stream, 'WrongExpectedVersion', details, 'WrongExpectedVersion');
}

export function tooLargeMessage(request, stream, limit) {
  const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit);
  return refusal(request, stream, 'Maximum Append Size Exceeded', details, 'MaximumAppendSizeExceeded');
}

export function streamDeletedMessage(request, stream) {
  const details = new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream));
  return refusal(request, stream, 'StreamDeleted', details, 'StreamDeleted');
}

export const notReadyMessage = (request, stream) =>
  refusal(request, stream, 'Server Is Not Ready', new shared.Empty(), 'Empty');

export function deletedMessage({ position }) {
  const place = new DeleteResp.Position();
  return new DeleteResp().setPosition(
    place.setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
}

export function tombstonedMessage({ position }) {
  const place = new TombstoneResp.Position();
  return new TombstoneResp().setPosition(
    place.setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
}

function refusal(request, stream, message, details, type) {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${type}`);
  return answerTo(request, stream).setError(
    new status.Status().setCode(9).setMessage(message).setDetails(packed),
  );
}

function answerTo(request, stream) {
  return new BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setStreamIdentifier(identifierOf(stream));
}
