// Opens the built event store in a process of its own: `node event-store-main.mjs FILE [STREAM]`. Writes `open`, or
// `EventStoreOpenError: ...`. With STREAM it then appends to it without end, and writes each acknowledged revision.
import { randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '../../dist/src/eventstore/sqlite/sqlite-event-store.js';

const [, , file, stream] = process.argv;
try {
  const store = await openSqliteEventStore({ file });
  process.stdout.write('open\n');
  // Holds the file until it is told to end, or killed.
  if (stream === undefined) process.stdin.resume().on('end', () => void store.close());
  else await Promise.all(Array.from({ length: 20 }, () => appendForEver(store)));
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message}\n`);
}

async function appendForEver(store) {
  for (;;) {
    const events = [{ id: randomUUID(), type: 'SomethingHappened', data: { text: 'x'.repeat(200) } }];
    const { revision } = await store.append(stream, events, { expectedRevision: 'any' });
    process.stdout.write(`${revision}\n`);
  }
}
