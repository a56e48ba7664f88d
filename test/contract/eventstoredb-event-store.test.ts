import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { eventStoreDbServers } from '../support/eventstoredb/eventstoredb-server.js';
import { describeEventStore } from './event-store-contract.js';

const startServer = eventStoreDbServers();
const url = process.env.EVENTSTORE_URL ?? (await startServer()).url;

describeEventStore('the event store in EventStoreDB', {
  open: async () => openEventStoreDb({ url }),
  largestAppendBytes: 1024 * 1024,
  refusesLargerAppends: true,
});
