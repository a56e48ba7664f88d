// A server that speaks EventStoreDB's protocol and behaves as 24.6 was seen to, faults included; the entry of the
// process behind `eventstoredb-server.ts`, which it ends with. Options: `{ port, file, tls, user, limitBytes }`, as JSON.
import grpc from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { batchAppend } from './appending.mjs';
import { EventLog } from './event-log.mjs';
import { Faults, refusalOf } from './faults.mjs';
import { deletedMessage, nameOf, tombstonedMessage } from './messages.mjs';
import { readLog, readStream, subscribe } from './reading.mjs';

const { port = 0, file, tls, user, limitBytes = 1024 * 1024 } = JSON.parse(process.argv[2] ?? '{}');
const log = new EventLog(file);
const faults = new Faults();

function metadataOf(entries) {
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
}

function refusal(call) {
  const expected = user && `Basic ${Buffer.from(user).toString('base64')}`;
  if (user && call.metadata.get('authorization')[0] !== expected) {
    return { code: 16, details: 'Received HTTP status code 401' };
  }
  return refusalOf(faults, metadataOf);
}

function read(call) {
  call.on('error', () => undefined);
  const error = refusal(call);
  if (error) return call.emit('error', error);
  const options = call.request.getOptions();
  if (options.hasSubscription()) {
    faults.follow(call);
    return subscribe(call, log);
  }
  if (!options.hasStream()) return readLog(call, log);
  const stream = nameOf(options.getStream().getStreamIdentifier());
  return log.isTombstoned(stream) ? call.emit('error', tombstoneError(stream)) : readStream(call, log);
}

function tombstoneError(stream) {
  const metadata = metadataOf({ exception: 'stream-deleted', 'stream-name': stream });
  return { code: 9, details: `Event stream '${stream}' is deleted.`, metadata };
}

function tombstoneStream(call, callback) {
  const error = refusal(call);
  if (error) return callback(error);
  const stream = nameOf(call.request.getOptions().getStreamIdentifier());
  if (log.isTombstoned(stream)) return callback(tombstoneError(stream));
  return callback(null, tombstonedMessage(log.tombstone(stream)));
}

function deleteStream(call, callback) {
  const error = refusal(call);
  if (error) return callback(error);
  const options = call.request.getOptions();
  const stream = nameOf(options.getStreamIdentifier());
  if (log.isTombstoned(stream)) return callback(tombstoneError(stream));
  const expected = options.hasAny() ? 'any' : Number(options.getRevision());
  const result = log.delete(stream, expected);
  if (!result.isWrong) return callback(null, deletedMessage(result));
  const metadata = metadataOf({
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(expected === 'any' ? -2 : expected),
    'actual-version': String(result.current),
  });
  return callback({ code: 9, details: 'Delete failed due to WrongExpectedVersion.', metadata });
}

const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
server.addService(streamsService.StreamsService, {
  read,
  delete: deleteStream,
  tombstone: tombstoneStream,
  batchAppend(call) {
    call.on('error', () => undefined);
    const error = refusal(call);
    // That it is not ready is said to each append.
    if (error && !faults.isNotReady) call.emit('error', error);
    else batchAppend(call, log, { faults, limitBytes });
  },
});
server.addService(featuresService.ServerFeaturesService, {
  getSupportedMethods(_call, callback) {
    const method = new features.SupportedMethod()
      .setServiceName('event_store.client.streams.Streams')
      .setMethodName('BatchAppend');
    callback(null, new features.SupportedMethods().setMethodsList([method]));
  },
});
server.addService(gossipService.GossipService, {
  read(_call, callback) {
    const member = new gossip.MemberInfo()
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(boundPort));
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  },
});

const commands = {
  set: ({ isNotReady = false, leader }) => Object.assign(faults, { isNotReady, leader }),
  nextAppends: ({ courses }) => faults.appendCourses.push(...courses),
  endSubscriptions: ({ how }) => faults.endSubscriptions(how),
  sent: () => faults.sent,
};
process.on('message', ({ id, command, ...options }) => {
  process.send({ id, result: commands[command](options) });
});
process.on('disconnect', () => process.exit());

const credentials = tls
  ? grpc.ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) },
    ])
  : grpc.ServerCredentials.createInsecure();
let boundPort;
server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => {
  if (error) throw error;
  boundPort = bound;
  process.send({ listening: bound });
});
