// What stands between the event log and a subscriber, as the server has it, without what runs jobs; records an event of
// its own for each user whenever it is told to, all at once.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildApiSchema } from '../../dist/schema/build-schema.js';
import { loadConfig } from '../../dist/src/config.js';
import { openSqliteEventStore } from '../../dist/src/eventstore/sqlite/sqlite-event-store.js';
import { Metrics } from '../../dist/src/metrics/metrics.js';
import { openAuthenticator } from '../../dist/src/open-authenticator.js';
import { openReadSide } from '../../dist/src/read-side.js';
import { startHttpServer } from '../../dist/src/server/http-server.js';
import { syncRequest } from './ended-sync.mjs';

const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const { ok: config, problems } = loadConfig(process.env, { readFile: () => '' });
if (problems) throw new Error(problems.join('\n'));
mkdirSync(config.dataDir, { recursive: true });
const store = await openSqliteEventStore({ file: join(config.dataDir, 'events.sqlite') });
const metrics = new Metrics({ jobTypes: ['SYNC'], stepTypes: ['SYNC'] });
const readSide = openReadSide({
  store,
  dataDir: config.dataDir,
  observer: metrics.readSide,
  log: silent,
  onOtherLog: (error) => console.error(error),
});
await readSide.catchUp();
const { url } = await startHttpServer({
  ...config,
  schema: buildApiSchema(),
  context: {
    reader: readSide.reader,
    updates: readSide.updates,
    isUpToDate: () => true,
    hasReadJobs: () => true,
    knowsPosition: () => Promise.resolve(true),
    budgets: { list: () => [] },
  },
  authenticator: await openAuthenticator(config, silent),
  pageFolder: config.dataDir,
  readiness: () => ({ ready: true }),
  metrics: { contentType: metrics.contentType, text: () => metrics.text({}) },
  onRefusal: (limit) => console.error(`Refused: ${limit}`),
  tracer: { continued: (_parent, work) => work() },
  log: silent,
});

process.on('message', ({ owners }) => {
  const at = new Date().toISOString();
  for (const ownerId of owners) {
    const request = syncRequest({ ownerId, budgetId: 'any' });
    const event = { id: randomUUID(), type: 'JobQueued', data: { v: 1, at, request } };
    void store.append(`job-${randomUUID()}`, [event], { expectedRevision: 'no-stream' });
  }
});
process.send({ url });
