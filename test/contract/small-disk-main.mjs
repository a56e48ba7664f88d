// On a disk of its own with little room: `node small-disk-main.mjs MODE FOLDER`. Writes what happened to its output.
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSqliteEventStore } from '../../dist/src/eventstore/sqlite/sqlite-event-store.js';

const [, , mode, folder] = process.argv;
const filler = path.join(folder, 'filler');
const file = path.join(folder, 'events.sqlite');

try {
  if (mode === 'append') {
    process.stdout.write(JSON.stringify(await appendOnAFullDisk()));
  } else {
    if (mode === 'open again') await (await openSqliteEventStore({ file })).close();
    fillUp();
    await (await openSqliteEventStore({ file })).close();
  }
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message}`);
}

async function appendOnAFullDisk() {
  const store = await openSqliteEventStore({ file });
  const acknowledged = await append(store, newEvents(), 'no-stream');
  fillUp();
  const events = newEvents();
  const refusal = await outcome(append(store, events, acknowledged.revision));
  const isStillFull = (await outcome(append(store, events, acknowledged.revision))) === refusal;
  const whenFull = await store.read('stream');
  rmSync(filler);
  await append(store, events, acknowledged.revision);
  const afterwards = await store.read('stream');
  let delivered = 0;
  for await (const item of store.subscribe({ signal: new AbortController().signal })) {
    if (item.kind === 'caught-up') break;
    delivered += 1;
  }
  await store.close();
  return {
    refusal,
    isStillFull,
    isWholeWhenFull: whenFull.length === 20,
    isWholeAfterwards:
      afterwards
        .slice(20)
        .map(({ id }) => id)
        .join() === events.map(({ id }) => id).join(),
    hasDelivered: delivered === 40,
  };
}

function newEvents() {
  return Array.from({ length: 20 }, () => ({
    id: randomUUID(),
    type: 'Happened',
    data: { text: 'x'.repeat(4000) },
  }));
}

function append(store, events, expectedRevision) {
  return store.append('stream', events, { expectedRevision });
}

function outcome(promise) {
  return promise.then(
    () => 'done',
    (error) => `${error.name}: ${error.message}`,
  );
}

/** Ends with an error when there is no room left, which is what is wanted. */
function fillUp() {
  try {
    writeFileSync(filler, Buffer.alloc(16 * 1024 * 1024));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}
