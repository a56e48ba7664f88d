// Appends, many over one call, each answered under its own id.
import { breakConnection, resetStream } from './faults.mjs';
import * as message from './messages.mjs';

/** Every other answer comes so much later (milliseconds): whoever subscribed sees the events before. */
const latenessMs = 1;

export function batchAppend(call, log, { faults, limitBytes }) {
  /** Of appends that come in several messages. */
  const begun = new Map();
  let isLate = false;
  const answer = (response) => {
    isLate = !isLate;
    if (isLate) setTimeout(() => call.destroyed || call.write(response), latenessMs);
    else call.write(response);
  };
  call.on('data', (request) => {
    const id = request.getCorrelationId().getString();
    const first = begun.get(id) ?? request;
    const events = [...(begun.get(id)?.events ?? []), ...message.proposedEvents(request)];
    if (!request.getIsFinal()) {
      begun.set(id, Object.assign(first, { events }));
      return;
    }
    begun.delete(id);
    const stream = message.nameOf(first.getOptions().getStreamIdentifier());
    const course = faults.appendCourses.shift();
    if (course === 'reset') return resetStream(call);
    if (course === 'lost') return breakConnection(call);
    const response = faults.isNotReady
      ? message.notReadyMessage(first, stream)
      : append(log, first, { stream, events, limitBytes });
    if (course === 'landed') breakConnection(call);
    else answer(response);
  });
  call.on('end', () => call.end());
}

function append(log, request, { stream, events, limitBytes }) {
  const size = events.reduce((sum, { type, data }) => sum + type.length + data.length, 0);
  if (size > limitBytes) return message.tooLargeMessage(request, stream, limitBytes);
  if (log.isTombstoned(stream)) return message.streamDeletedMessage(request, stream);
  const result = log.append(stream, events, message.expectationOf(request.getOptions()));
  return result.isWrong
    ? message.wrongRevisionMessage(request, stream, result.current)
    : message.appendedMessage(request, stream, result);
}
