// Preloaded by a server under test, which is killed at the durable write that KILL_AT_WRITE names: `before 3` (the third
// one of this process is about to be), `after 3` (it is durable and nobody has heard of it). A write is a transaction on
// either SQLite file, the log's or the read models', or an append to EventStoreDB.
import { createRequire } from 'node:module';

const [side, number] = (process.env.KILL_AT_WRITE ?? '').split(' ');
let left = Number(number);

// What it starts inherits the options of Node.
if (process.argv[1]?.endsWith('/dist/src/main.js') && left > 0) {
  const require = createRequire(import.meta.url);
  watchSqlite(require('better-sqlite3').prototype);
  if (process.env.EVENTSTORE_URL) {
    watchEventStoreDb(require('@eventstore/db-client/generated/streams_grpc_pb.js').StreamsClient.prototype);
  }
}

function watchSqlite(database) {
  const { prepare, transaction } = database;
  database.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    const isCommit = sql === 'COMMIT';
    if (!isCommit && !/^\s*(INSERT|UPDATE|DELETE)/.test(sql)) return statement;
    const run = statement.run.bind(statement);
    statement.run = (...values) => {
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

function watchEventStoreDb(client) {
  const { batchAppend } = client;
  client.batchAppend = function (...args) {
    const call = batchAppend.apply(this, args);
    const write = call.write.bind(call);
    call.write = (...message) => {
      if (side === 'before') count();
      return write(...message);
    };
    call.on('data', () => {
      if (side === 'after') count();
    });
    return call;
  };
}

function counted(work) {
  if (side === 'before') count();
  const result = work();
  if (side === 'after') count();
  return result;
}

function count() {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
