import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEventStoreCommand } from '../support/eventstore-command.js';
import { runToItsEnd } from '../support/server-process.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { openHousehold, type Household } from '../support/household.js';
import {
  allUncategorized,
  listJobs,
  readJob,
  startJob,
  watchToEnd,
  type JobData,
} from '../support/jobs-api.js';
import { soonGone } from '../support/soon-gone.js';

const startEventStoreDb = eventStoreDbServers();

let household: Household;

beforeAll(async () => {
  household = await openHousehold();
});

afterAll(async () => {
  await household.close();
});

/** Positions are the store's, and change with it. */
const withoutPosition = ({ position: _position, ...job }: JobData) => job;

describe('a server that moves from its file to EventStoreDB', () => {
  it('shows the same jobs, goes on with the one that ran and the one that waited, and starts new ones', async () => {
    const { gate, dataDir } = household;
    const env = { ...soonGone, EVENTSTORE_URL: (await startEventStoreDb()).url };
    const keyed = { type: 'SYNC', idempotencyKey: 'nightly' } as const;
    const first = await startJob(household.api, keyed);
    await watchToEnd(household.api, first.job.id);
    const suggestions = await startJob(household.api, {
      type: 'SUGGESTIONS_GENERATION',
      batch: allUncategorized,
    });
    await watchToEnd(household.api, suggestions.job.id);
    const held = gate.hold();
    const running = await startJob(household.api, { type: 'SYNC_AND_GENERATE', batch: allUncategorized });
    await held;
    const waiting = await startJob(household.api, { type: 'SYNC', onConflict: 'QUEUE' });
    const before = await listJobs(household.api);
    expect(before.map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED', 'SUCCEEDED']);
    await household.server.stop('SIGKILL');

    const { status, output } = await runEventStoreCommand({ dataDir, env });
    expect(output).toMatch(/^Copied \d+ events of 5 streams; verified\.$/m);
    expect(status).toBe(0);
    await household.restart({ env });

    const after = await listJobs(household.api);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.slice(2).map(withoutPosition)).toEqual(before.slice(2).map(withoutPosition));
    gate.open();
    const ended = await Promise.all([running, waiting].map(({ job }) => watchToEnd(household.api, job.id)));
    expect(ended.map((job) => job.status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(ended[0]?.steps[0]).toMatchObject({ attempt: 2 });
    expect(ended[0]?.history.filter(({ event }) => event === 'StepInterrupted')).toHaveLength(1);
    expect(Date.parse(ended[1]?.startedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(ended[0]?.completedAt ?? ''),
    );

    expect(await startJob(household.api, keyed)).toMatchObject({ created: false, job: { id: first.job.id } });
    const next = await startJob(household.api, { type: 'SYNC' });
    expect((await watchToEnd(household.api, next.job.id)).status).toBe('SUCCEEDED');
    await household.restart({ env });
    expect(await readJob(household.api, next.job.id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await listJobs(household.api)).toHaveLength(5);
  });

  it('is not started without EVENTSTORE_URL by mistake: the file knows nothing of what happened since', async () => {
    const { dataDir, server } = household;
    await server.stop();
    const mark = path.join(dataDir, 'events.sqlite.moved');

    const { status, output } = await runToItsEnd({ dataDir, env: household.env });

    expect(status).toBe(1);
    expect(output.trim()).toBe(
      'The events of DATA_DIR were copied to EventStoreDB: set EVENTSTORE_URL to its address. To go on with the old ' +
        `file on purpose, without what has happened since, remove ${mark}.`,
    );
    rmSync(mark);
    await household.restart();
    expect(await listJobs(household.api)).toHaveLength(4);
  });
});
