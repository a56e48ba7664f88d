// Reads of a stream and of the whole log, and subscriptions to it.
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as message from './messages.mjs';

/** A subscription lets others have their turn after so many events. */
const eventsATurn = 500;
/** After so many events that do not match, a subscription says how far it is. */
const checkpointWindow = 32;

export async function readStream(call, log) {
  const options = call.request.getOptions();
  const from = options.getStream();
  const stream = message.nameOf(from.getStreamIdentifier());
  const records = log.visible(stream);
  if (!records) {
    call.write(message.notFoundMessage(stream));
    return call.end();
  }
  const isBackwards = options.getReadDirection() === 1;
  const isWithin = ({ revision }) => {
    if (!from.hasRevision()) return from.hasEnd() === isBackwards;
    return isBackwards ? revision <= Number(from.getRevision()) : revision >= Number(from.getRevision());
  };
  return writeAll(call, inDirection(records.filter(isWithin), options));
}

/** As it was seen: a filter changes nothing here. */
export async function readLog(call, log) {
  const options = call.request.getOptions();
  const from = options.getAll();
  const isBackwards = options.getReadDirection() === 1;
  const isWithin = ({ position }) => {
    if (!from.hasPosition()) return from.hasEnd() === isBackwards;
    const at = BigInt(from.getPosition().getCommitPosition());
    return isBackwards ? position < at : position >= at;
  };
  return writeAll(call, inDirection(log.records.filter(isWithin), options));
}

/** History, a mark, then live, as fast as the client takes it; `call` is all that ends it. */
export async function subscribe(call, log) {
  const options = call.request.getOptions();
  const from = options.getAll();
  const matches = matcher(options.getFilter());
  let next = 0;
  if (from.hasPosition()) next = log.indexAfter(BigInt(from.getPosition().getCommitPosition()));
  if (from.hasEnd()) next = log.records.length;
  let isCaughtUp = false;
  let passedOver = 0;
  await write(call, message.confirmationMessage(randomUUID()));
  for (let turn = 1; !hasEnded(call); turn += 1) {
    const record = log.records[next];
    if (record && matches(record)) {
      next += 1;
      await write(call, message.eventMessage(record));
      call.sent = (call.sent ?? 0) + 1;
    } else if (record) {
      next += 1;
      passedOver += 1;
      const isDue =
        passedOver % (checkpointWindow * options.getFilter().getCheckpointintervalmultiplier()) === 0;
      if (isDue) await write(call, message.checkpointMessage(record.position));
    } else if (!isCaughtUp) {
      isCaughtUp = true;
      await write(call, message.caughtUpMessage());
    } else await grown(call, log);
    if (turn % eventsATurn === 0) await nextTurn();
  }
}

function matcher(filter) {
  if (!filter) return () => true;
  const [expression, key] = filter.hasStreamIdentifier()
    ? [filter.getStreamIdentifier(), 'stream']
    : [filter.getEventType(), 'type'];
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (record) => prefixes.some((prefix) => record[key].startsWith(prefix));
  const regex = new RegExp(expression.getRegex());
  return (record) => regex.test(record[key]);
}

function inDirection(records, options) {
  const ordered = options.getReadDirection() === 1 ? records.toReversed() : records;
  return ordered.slice(0, Number(options.getCount()));
}

async function writeAll(call, records) {
  for (const record of records) {
    await write(call, message.eventMessage(record));
    if (hasEnded(call)) return;
  }
  call.end();
}

/** Resolves when the client has room for more, or is gone. */
async function write(call, answer) {
  if (hasEnded(call) || call.write(answer)) return;
  await either(call, (resolve) => {
    call.once('drain', resolve);
    return () => call.off('drain', resolve);
  });
}

const grown = (call, log) => either(call, (resolve) => log.onGrown(resolve));

/** Resolves when `wait` does or the call has ended. */
async function either(call, wait) {
  if (hasEnded(call)) return;
  await new Promise((resolve) => {
    const done = () => {
      stop();
      for (const ending of endings) call.off(ending, done);
      resolve();
    };
    const stop = wait(done);
    for (const ending of endings) call.on(ending, done);
  });
}

const endings = ['cancelled', 'close', 'error', 'finish'];

function hasEnded(call) {
  return call.cancelled || call.destroyed || call.writableEnded;
}
