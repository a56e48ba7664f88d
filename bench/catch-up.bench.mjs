// How fast the read models are made anew from a log of 210,000 events (30,000 jobs that succeeded), as a ratio of
// what bare better-sqlite3 reads of the same file, row by row and each payload parsed, which writes nothing. Does not
// measure: logs of suggestions, whose events are larger; tables that do not fit into the disk cache; queries beside
// it; EventStoreDB.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { rebuildReadModels } from '../dist/projections/maintain-read-models.js';
import { openSqliteEventStore } from '../dist/src/eventstore/sqlite/sqlite-event-store.js';
import { syncRequest, syncResult } from './support/ended-sync.mjs';
import { median } from './support/statistics.mjs';

const rounds = 5;
const jobs = 30_000;
const eventsOfAJob = 7;
const events = jobs * eventsOfAJob;
const folder = mkdtempSync(join(tmpdir(), 'actual-jobs-bench-'));
const file = join(folder, 'events.sqlite');

try {
  const store = await openSqliteEventStore({ file });
  await recordJobs(store);
  const rates = { bare: [], subscribed: [], applied: [] };
  for (let round = 0; round < rounds; round++) {
    rates.bare.push(await rateOf(readBare));
    rates.subscribed.push(await rateOf(() => subscribe(store)));
    rates.applied.push(await rateOf(() => rebuildReadModels(store, join(folder, 'read-models.sqlite'))));
  }
  await store.close();
  const [bare, subscribed, applied] = Object.values(rates).map(median);
  console.log(
    `${events} events, median of ${rounds} rounds in turn; bare better-sqlite3: ${Math.round(bare)}/s`,
  );
  console.log(
    `  through a subscription: ${(subscribed / bare).toFixed(2)} x bare (${Math.round(subscribed)}/s)`,
  );
  console.log(
    `  and applied to the read models: ${(applied / bare).toFixed(2)} x bare (${Math.round(applied)}/s)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function rateOf(work) {
  const began = performance.now();
  await work();
  return (events / (performance.now() - began)) * 1000;
}

function readBare() {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare(
    `SELECT e.position, s.name, e.revision, e.id, e.type, e.data FROM events e CROSS JOIN streams s ON s.id = e.stream
     ORDER BY e.position`,
  );
  let count = 0;
  for (const { data } of rows.iterate()) if (JSON.parse(data)) count += 1;
  db.close();
  if (count !== events) throw new Error(`There are ${count} events`);
}

async function subscribe(store) {
  for await (const { kind } of store.subscribe({ signal: new AbortController().signal })) {
    if (kind === 'caught-up') return;
  }
}

async function recordJobs(store) {
  const happened = { v: 1, at: new Date().toISOString() };
  const request = syncRequest({ budgetId: 'household' });
  const append = (stream, ...facts) =>
    store.append(
      stream,
      facts.map(([type, data]) => ({ id: randomUUID(), type, data: { ...happened, ...data } })),
      { expectedRevision: 'any' },
    );
  const aJob = async () => {
    const jobId = randomUUID();
    await append('lane-household', ['JobAdmitted', { jobId, request }]);
    await append(`job-${jobId}`, ['JobQueued', { request }]);
    const claim = { step: 1, attempt: 1, runnerId: 'bench' };
    await append(`job-${jobId}`, ['JobStarted', {}], ['StepStarted', claim]);
    await append(`job-${jobId}`, ['StepSucceeded', { step: 1, result: syncResult }], ['JobSucceeded', {}]);
    await append('lane-household', ['JobReleased', { jobId }]);
  };
  for (let done = 0; done < jobs; done += 500) await Promise.all(Array.from({ length: 500 }, aJob));
}
