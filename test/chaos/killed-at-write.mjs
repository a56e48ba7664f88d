// Preloaded by a server under test, which is killed at the durable write that KILL_AT_WRITE names: `before 3` (the third
// one of this process is about to be), `after 3` (it is durable and nobody has heard of it), `after 2 StepAdvanced` (the
// second one that holds such an event). A write is a transaction on either SQLite file, the log's or the read models', or
// an append to EventStoreDB.
import { createRequire } from 'node:module';

const [side, number, type] = (process.env.KILL_AT_WRITE ?? '').split(' ');
let left = Number(number);

// What it starts inherits the options of Node.
if (process.argv[1]?.endsWith('/dist/src/main.js') && left > 0) {
  const require = createRequire(import.meta.url);
  watchSqlite(require('better-sqlite3').prototype);
  if (process.env.EVENTSTORE_URL) {
    const { StreamsClient } = require('@eventstore/db-client/generated/streams_grpc_pb.js');
    const { parseUUID } = require('@eventstore/db-client/dist/utils/grpcUUID.js');
    watchEventStoreDb(StreamsClient.prototype, (message) => parseUUID(message.getCorrelationId()));
  }
}

function watchSqlite(database) {
  const { prepare, transaction } = database;
  let holdsType = false;
  const counted = (work) => {
    const isCounted = type === undefined || holdsType;
    holdsType = false;
    if (isCounted && side === 'before') count();
    const result = work();
    if (isCounted && side === 'after') count();
    return result;
  };
  database.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    const isCommit = sql === 'COMMIT';
    if (!isCommit && !/^\s*(INSERT|UPDATE|DELETE)/.test(sql)) return statement;
    const isAppend = sql.startsWith('INSERT INTO events ');
    const run = statement.run.bind(statement);
    statement.run = (...values) => {
      if (isAppend && values[3] === type) holdsType = true;
      if (!isCommit && this.inTransaction) return run(...values);
      return counted(() => run(...values));
    };
    return statement;
  };
  database.transaction = function (work) {
    const { immediate } = transaction.call(this, work);
    return { immediate: (...values) => counted(() => immediate(...values)) };
  };
}

function watchEventStoreDb(client, idOf) {
  const { batchAppend } = client;
  /** Ids of the appends that count. */
  const asked = new Set();
  client.batchAppend = function (...args) {
    const call = batchAppend.apply(this, args);
    const write = call.write.bind(call);
    call.write = (request, ...rest) => {
      const types = request.getProposedMessagesList().map((event) => event.getMetadataMap().get('type'));
      if (type === undefined || types.includes(type)) {
        asked.add(idOf(request));
        if (side === 'before') count();
      }
      return write(request, ...rest);
    };
    // Asks before whoever waits for the answer hears of it.
    call.on('data', (answer) => {
      if (side === 'after' && asked.delete(idOf(answer))) count();
    });
    return call;
  };
}

function count() {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
