import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventStoreUnavailableError } from '../../src/eventstore/event-store-errors.js';
import { historyOf } from '../../src/eventstore/history.js';
import { PatientEventStore } from '../../src/eventstore/patient-event-store.js';
import { append, newEvents } from '../contract/contract-events.js';
import { eventStoreDbStores } from '../contract/eventstoredb-stores.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { tempFolders } from '../support/temp-folder.js';

const startServer = eventStoreDbServers();
const openStore = eventStoreDbStores();
const tempFolder = tempFolders();

async function open(patienceMs: number) {
  const server = await startServer({ file: path.join(tempFolder(), 'log') });
  const store = openStore(server.url);
  await append(store, 'job-a', newEvents(3), 'no-stream');
  return { server, patient: new PatientEventStore(store, { patienceMs }) };
}

async function eventsOf(store: PatientEventStore): Promise<number> {
  let events = 0;
  for await (const _event of historyOf(store, { streamPrefixes: ['job-'] })) events += 1;
  return events;
}

describe('a patient event store', () => {
  it('waits for a server that comes back', async () => {
    const { server, patient } = await open(20_000);
    await server.kill();

    const asked = Promise.all([
      patient.append('job-a', newEvents(1), { expectedRevision: 2 }),
      patient.read('job-a', { limit: 1 }),
      eventsOf(patient),
    ]);
    await server.restart();

    const [{ revision }, read] = await asked;
    expect(revision).toBe(3);
    expect(read).toHaveLength(1);
    expect(await eventsOf(patient)).toBe(4);
  });

  it('says what is wrong with a server that stays away', async () => {
    const { server, patient } = await open(300);
    await server.kill();

    const asked = [
      patient.append('job-a', newEvents(1), { expectedRevision: 2 }),
      patient.read('job-a'),
      eventsOf(patient),
    ];

    for (const answer of await Promise.allSettled(asked)) {
      const reason = new EventStoreUnavailableError('EventStoreDB could not be reached, or did not answer.');
      expect(answer).toEqual({ status: 'rejected', reason });
    }
  });

  it('says so about a server that hangs while its log is read', async () => {
    const { server, patient } = await open(300);
    const history = historyOf(patient, { streamPrefixes: ['job-'] });
    await history.next();
    server.hang();

    await expect(
      (async () => {
        // What was sent before it hung comes first.
        while (!(await history.next()).done);
        return eventsOf(patient);
      })(),
    ).rejects.toThrow(EventStoreUnavailableError);
    server.wake();
  });
});
