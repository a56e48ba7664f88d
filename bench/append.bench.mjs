// Appends a second through the event store port, at 1, 10 and 100 in flight, as a ratio of what bare better-sqlite3
// writes in transactions of that many rows. `node bench/append.bench.mjs`, after a build.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteEventStore } from '../dist/src/eventstore/sqlite/sqlite-event-store.js';

const rounds = 5;
const appendsPerRound = { 1: 500, 10: 5_000, 100: 30_000 };
const data = { text: 'x'.repeat(380) };

const folder = mkdtempSync(path.join(tmpdir(), 'actual-jobs-bench-'));
try {
  console.log(
    'Appends of one event of 400 bytes, durable (WAL, synchronous=FULL), median of rounds in turn:',
  );
  for (const inFlight of [1, 10, 100]) {
    const bare = openBare(path.join(folder, `bare-${inFlight}.sqlite`));
    const store = await openSqliteEventStore({ file: path.join(folder, `port-${inFlight}.sqlite`) });
    const count = appendsPerRound[inFlight];
    const rates = [];
    for (let round = 0; round < rounds; round++) {
      const bareRate = await rateOf(count, () => writeBare(bare, count, inFlight));
      const portRate = await rateOf(count, () => appendThroughPort(store, count, inFlight));
      rates.push({ bareRate, portRate, ratio: portRate / bareRate });
    }
    bare.close();
    await store.close();
    const { bareRate, portRate, ratio } = rates.sort((a, b) => a.ratio - b.ratio)[(rounds - 1) / 2];
    console.log(
      `  ${String(inFlight).padStart(3)} in flight: ${ratio.toFixed(2)} x bare ` +
        `(${Math.round(portRate)}/s, bare better-sqlite3 in transactions of ${inFlight}: ${Math.round(bareRate)}/s)`,
    );
  }
  console.log(
    'Does not measure: readers and subscribers beside the appends, appends of several events, a file that has grown\n' +
      'large, other stores. Bare: a table of events with the one index it needs, (stream, revision), and no checks.',
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function rateOf(count, work) {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}

function openBare(file) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL,
    type TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (stream, revision))`);
  return db;
}

function writeBare(db, count, batch) {
  const insert = db.prepare('INSERT INTO events (stream, revision, id, type, data) VALUES (?, ?, ?, ?, ?)');
  const streams = Array.from({ length: batch }, () => `job-${randomUUID()}`);
  const { first } = db.prepare('SELECT count(*) AS first FROM events').get();
  const writeBatch = db.transaction((from) => {
    for (let row = from; row < from + batch; row++) {
      insert.run(streams[row % batch], row, randomUUID(), 'StepStarted', JSON.stringify(data));
    }
  });
  for (let from = first; from < first + count; from += batch) writeBatch(from);
}

/** So many callers, each with a stream of its own, which append again as soon as they were acknowledged. */
async function appendThroughPort(store, count, inFlight) {
  let left = count;
  const caller = async () => {
    const stream = `job-${randomUUID()}`;
    let expectedRevision = 'no-stream';
    while (left-- > 0) {
      const event = { id: randomUUID(), type: 'StepStarted', data };
      const { revision } = await store.append(stream, [event], { expectedRevision });
      expectedRevision = revision;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}
