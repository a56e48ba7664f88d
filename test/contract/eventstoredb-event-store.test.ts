import { inject } from 'vitest';
import { openEventStoreDb } from '../../src/eventstore/eventstoredb/eventstoredb-event-store.js';
import { describeEventStore } from './event-store-contract.js';

const url = inject('eventStoreUrl') ?? '';

describeEventStore('the event store in EventStoreDB', {
  open: async () => openEventStoreDb({ url }),
  largestAppendBytes: 1024 * 1024,
  refusesLargerAppends: true,
});
